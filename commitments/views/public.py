"""What every public address does: one snapshot, one moment, known parameters only, and answers in sentences."""

from functools import wraps

from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from commitments.moment import PARAMETERS as CLOCKS
from commitments.moment import BadParameter, Moment
from commitments.snapshot import snapshot


def check_parameters(parameters, known):
    """Raise BadParameter for a parameter that the address does not know, or a value that no address can know."""
    for name, values in parameters.lists():
        for value in (name, *values):
            if "\x00" in value:
                raise BadParameter(
                    name.replace("\x00", ""), value.replace("\x00", ""), _("Take the NUL character out.")
                )
        if name not in known:
            if name in CLOCKS:
                raise BadParameter(name, values[0], _("This page is not about a moment; leave it out."))
            mend = _("Known here: %(known)s.") % {"known": ", ".join(sorted(known))} if known else _("Leave it out.")
            raise BadParameter(name, values[0], _("This page does not know it. %(mend)s") % {"mend": mend})


def bad_request(request, error):
    """The 400 page, with the sentence of a BadParameter."""
    return render(request, "400.html", {"sentence": str(error)}, status=400)


def public(view=None, *, parameters=(), clocks=True):
    """Wrap a public view.

    ``parameters`` are the query parameters it knows, ``clocks`` whether it answers for a moment: ``request.moment`` is
    the Moment of the address, and ``as_of`` and ``edition`` are known too. The view and its template run in one
    snapshot whose first query is the newest edition; BadParameter becomes the 400 page. The answer is compressed where
    the browser takes that. The desk's are not: beside what somebody typed, the length of a compressed page can give
    away a secret in it, and only the desk has secrets.
    """
    if view is None:
        return lambda wrapped: public(wrapped, parameters=parameters, clocks=clocks)
    known = {*parameters, *(CLOCKS if clocks else ())}

    @gzip_page
    @require_safe
    @wraps(view)
    def answered(request, *args, **kwargs):
        try:
            check_parameters(request.GET, known)
            with snapshot():
                request.moment = Moment.parse(request.GET) if clocks else Moment.now()
                response = view(request, *args, **kwargs)
                return response.render() if hasattr(response, "render") else response
        except BadParameter as error:
            return bad_request(request, error)

    # Only these may be cited: see views/cite.py.
    answered.is_page = clocks
    return answered


class _Begun:
    """A generator whose first chunk has been drawn. Closing the answer closes it, and with it the snapshot."""

    def __init__(self, first, rest):
        self.first, self.rest = first, rest

    def __iter__(self):
        yield self.first
        yield from self.rest

    def close(self):
        self.rest.close()


def public_stream(*, parameters=(), filename, content_type="text/csv; charset=utf-8"):
    """Wrap a public view that streams: a generator of text chunks, called with ``request.moment`` set.

    The rows are read while they are sent, so the snapshot lives as long as the generator. The first chunk is drawn
    before the answer begins: whatever can be refused is refused as a 400 and never in the middle of a file.
    ``filename`` is a function of the Moment.
    """
    known = {*parameters, *CLOCKS}

    def chunks(view, request, *args, **kwargs):
        with snapshot():
            request.moment = Moment.parse(request.GET)
            yield from view(request, *args, **kwargs)

    def decorate(view):
        @gzip_page
        @require_safe
        @wraps(view)
        def answered(request, *args, **kwargs):
            stream = chunks(view, request, *args, **kwargs)
            try:
                check_parameters(request.GET, known)
                first = next(stream, "")
            except BadParameter as error:
                return bad_request(request, error)
            if request.method == "HEAD":
                # Nobody will read the rows; the snapshot must not wait for that. Streamed all the same: an answer
                # of another kind would say that the file is empty.
                stream.close()
            rows = _Begun(first, stream) if request.method == "GET" else []
            response = StreamingHttpResponse(rows, content_type=content_type)
            response["Content-Disposition"] = f'attachment; filename="{filename(request.moment)}"'
            return response

        return answered

    return decorate
