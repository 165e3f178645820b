"""Work on many files at once in other processes; in this one where that does not pay."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.context import BaseContext
from types import FrameType
from typing import Final, Generic, TypeVar

from dealix_lint.engine.memory import without_collection
from dealix_lint.engine.request import Progress

T = TypeVar("T")
R = TypeVar("R")

_WORTH_A_POOL: Final = 400_000
"""Bytes of source from which on starting processes pays."""

_CHUNK: Final = 120_000
"""Bytes of source handed over at once."""

_STACK: Final = 256 * 1024 * 1024
"""Stack for deeply nested source; only what is used of it costs memory."""


class Work(Generic[T, R]):
    """A task for every item: `task` is a function of a module (other processes import it), `size` gives an item's
    bytes of source, `lost` the result for an item whose process died. `here` is done instead of the task where the result
    need not leave this process."""

    def __init__(
        self,
        task: Callable[[T], R],
        size: Callable[[T], int],
        lost: Callable[[T], R],
        here: Callable[[T], R] | None = None,
    ) -> None:
        self._task, self._size, self._lost, self._task_here = task, size, lost, here or task

    def run(self, items: Sequence[T], jobs: int, stage: str, progress: Progress) -> list[R]:
        """The results in the order of the items, whatever the number of `jobs` (0: one per core)."""
        jobs = min(jobs or _cores(), len(items))
        if jobs < 2 or sum(map(self._size, items)) < _WORTH_A_POOL:
            return _with_room(lambda: self._here(items, stage, progress))
        if not _can_start():
            return _with_room(lambda: self._here(items, stage, progress))
        done: dict[int, R] = {}
        for chunk, results in self._in_pool(items, _chunks([self._size(item) for item in items]), jobs):
            done.update(zip(chunk, results, strict=True))
            progress(stage, len(done), len(items))
        for index in range(len(items)):
            if index not in done:  # its process died, or shared a pool with one that did
                done[index] = self._alone(items[index])
                progress(stage, len(done), len(items))
        return [done[index] for index in range(len(items))]

    def _here(self, items: Sequence[T], stage: str, progress: Progress) -> list[R]:
        results = []
        for item in items:
            results.append(self._task_here(item))
            progress(stage, len(results), len(items))
        return results

    def _in_pool(self, items: Sequence[T], chunks: list[list[int]], jobs: int) -> Iterator[tuple[list[int], list[R]]]:
        with _interrupted_once(), ProcessPoolExecutor(jobs, mp_context=_context()) as pool:
            futures: dict[Future[list[R]], list[int]] = {}
            try:
                with suppress(BrokenProcessPool), _uninterrupted():  # a process half started would go on unknown
                    for chunk in chunks:
                        futures[pool.submit(_run_chunk, self._task, [items[index] for index in chunk])] = chunk
                for future in as_completed(futures):
                    if future.exception() is None:
                        yield futures[future], future.result()
                    elif not isinstance(future.exception(), BrokenProcessPool):
                        future.result()
            except BaseException:
                _abandon(pool)
                raise

    def _alone(self, item: T) -> R:
        """The result from a process that does nothing else."""
        with ProcessPoolExecutor(1, mp_context=_context()) as pool:
            try:
                return pool.submit(_run_chunk, self._task, [item]).result()[0]
            except BrokenProcessPool:
                return self._lost(item)


def _abandon(pool: ProcessPoolExecutor) -> None:
    """Do not wait for what is under way: the user has interrupted it."""
    with _uninterrupted():
        workers = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.terminate()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """An interrupt meanwhile is raised afterwards."""
    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        yield
        return
    caught: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: caught.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if caught:
        before(signal.SIGINT, None)


@contextmanager
def _interrupted_once() -> Iterator[None]:
    """The first interrupt is raised; those that follow while its consequences are under way are not (an impatient user,
    a terminal that sends it to every process)."""
    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        yield
        return
    raised = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal raised
        if not raised:
            raised = True
            before(number, frame)

    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _can_start() -> bool:
    """Whether processes can be started here at all (a sandbox may not allow it)."""
    try:
        with ProcessPoolExecutor(1, mp_context=_context()) as pool:
            return pool.submit(_run_chunk, len, [b""]).result() == [0]
    except (OSError, BrokenProcessPool):
        return False


def _run_chunk(task: Callable[[T], R], items: list[T]) -> list[R]:
    with without_collection():
        return _with_room(lambda: [task(item) for item in items])


def _with_room(function: Callable[[], R]) -> R:
    """Call a function in a thread with a large stack."""
    outcome: Future[R] = Future()

    def call() -> None:
        try:
            outcome.set_result(function())
        except BaseException as error:
            outcome.set_exception(error)

    before = threading.stack_size(_STACK)
    try:
        thread = threading.Thread(target=call, daemon=True)
        thread.start()
    except RuntimeError:  # not that much memory: do with less
        return function()
    finally:
        threading.stack_size(before)
    thread.join()
    return outcome.result()


def _chunks(sizes: list[int]) -> list[list[int]]:
    """Indexes in groups of about equal size, the largest first so that none is left over at the end."""
    chunks: list[list[int]] = []
    room = 0
    for index in sorted(range(len(sizes)), key=lambda i: (-sizes[i], i)):
        if room <= 0:
            chunks.append([])
            room = _CHUNK
        chunks[-1].append(index)
        room -= sizes[index]
    return chunks


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _context() -> BaseContext:
    """A way to start processes that is safe beside threads."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["dealix_lint.summarize.module"])
        return context
    return multiprocessing.get_context("spawn")
