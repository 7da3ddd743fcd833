from . import licence, progress, sms_receipts
