import re

_FIELD = re.compile(r"[a-z][a-z0-9_.\[\]]*\s*[:：]\s*")


def without_field(message):
    """A refusal as people read it: without the name by which programs know the field.

    >>> without_field("complainant.phone: a phone number has 5 to 20 digits.")
    'a phone number has 5 to 20 digits.'
    >>> without_field("files[0].content：附件最大5 MB。")
    '附件最大5 MB。'
    >>> without_field("This service has been rated already.")
    'This service has been rated already.'
    """
    return message[found.end() :] if (found := _FIELD.match(message)) else message
