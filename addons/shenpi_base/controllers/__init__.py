from . import licence, lookup_demo, permit, progress, sms_receipts, wall
