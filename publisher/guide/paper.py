"""A page's HTML into a PDF, by WeasyPrint, which is an extra."""

from __future__ import annotations

from publisher.errors import SurroundingsError

_HINT = "print the HTML from a browser instead, or install it: pip install 'publisher[pdf]' (it needs Pango)"


def print_pdf(html: str) -> bytes:
    """Lay a document out on paper; nothing is fetched, and the same document gives the same bytes.

    Raises:
        SurroundingsError: WeasyPrint or the libraries that it needs are not there.
    """
    from PIL import ImageFile

    strict = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        from weasyprint import HTML  # an extra, and half a second to load
    except ImportError as error:
        raise SurroundingsError("there is no WeasyPrint here to make a PDF", hint=_HINT) from error
    except OSError as error:
        raise SurroundingsError(
            "WeasyPrint is here, but the library Pango that it needs is not", hint=_HINT
        ) from error
    ImageFile.LOAD_TRUNCATED_IMAGES = strict  # WeasyPrint forgives damaged pictures, in the whole process
    pdf = HTML(string=html, url_fetcher=_refuse).write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=b"guide")
    assert isinstance(pdf, bytes)
    return pdf


def _refuse(url: str, *_: object, **__: object) -> dict[str, object]:
    raise ValueError(f"{url} is not fetched: a guide needs no other file")
