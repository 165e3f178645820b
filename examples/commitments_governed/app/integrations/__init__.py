from app.integrations.whatsapp import WhatsAppClient, get_whatsapp

__all__ = ["WhatsAppClient", "get_whatsapp"]
