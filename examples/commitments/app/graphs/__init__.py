"""LangGraph: where the models think."""
