from . import progress, sms_receipts
