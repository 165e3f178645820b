"""Everything that differs between environments."""

from __future__ import annotations

from functools import lru_cache

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="COMMITMENTS_", env_file=".env", extra="ignore")

    database_url: str = "sqlite://"
    broker_url: str = "memory://"
    public_url: str = "https://api.meridian.example"
    temporal_address: str = "localhost:7233"
    task_queue: str = "commitments"
    checkpoint_path: str = "checkpoints.sqlite"

    stripe_api_key: str = "sk_test_unset"
    moyasar_secret_key: str = ""
    docusign_host: str = "https://demo.docusign.net"
    docusign_account_id: str = "00000000"
    docusign_integration_key: str = ""
    whatsapp_base_url: str = "https://graph.facebook.com/v20.0"
    whatsapp_phone_id: str = "1010101010"
    whatsapp_token: str = ""
    unifonic_base_url: str = ""
    unifonic_app_sid: str = ""
    twilio_account_sid: str = "AC00000000000000000000000000000000"
    twilio_auth_token: str = "unset"
    twilio_sender: str = "+966500000000"
    smtp_host: str = "smtp.sendgrid.net"
    smtp_port: int = 587
    mail_from: str = "billing@meridian.example"

    hubspot_token: str = ""
    salesforce_domain: str = "meridian"
    salesforce_token: str = ""
    graph_token: str = ""
    partner_portal_token: str = ""
    openai_api_key: str = ""
    pricing_url: str = "http://pricing.internal"

    messaging_live: bool = False


@lru_cache
def get_settings() -> Settings:
    return Settings()


settings = get_settings()
