"""Text on its way into XML."""

import re

# A reader may have searched for such a sign, and an editor may have pasted it.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text):
    """``text`` (str) without what XML 1.0 cannot hold: control signs and the like. Markup is not escaped."""
    return _NO_XML.sub("", text)
