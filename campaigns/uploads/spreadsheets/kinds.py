"""The kind of a file, recognised by its content and never by its name."""

import mmap
import re
import zipfile
from pathlib import Path
from typing import Final

from campaigns.uploads.spreadsheets.archive import MALFORMED, check_directory, plain_name
from campaigns.uploads.spreadsheets.delimited.encodings import utf_16
from campaigns.uploads.spreadsheets.problems import FileProblem, ProblemCode
from campaigns.uploads.spreadsheets.reading import Kind
from campaigns.uploads.spreadsheets.xls.xls_facts import STREAMS

_HEAD: Final = 1 << 12
_LONGEST_MANIFEST: Final = 1 << 20

_SIGNATURES: Final = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"RIFF", "a picture, sound or film"),
    (b"ID3\3", "a sound recording"),
    (b"{\\rtf", "a Rich Text document"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"7z\xbc\xaf", "a compressed file (7-Zip)"),
    (b"Rar!", "a compressed file (RAR)"),
    (b"BZh", "a compressed file (bzip2)"),
    (b"\xfd7zXZ\0", "a compressed file (xz)"),
    (b"(\xb5/\xfd", "a compressed file (Zstandard)"),
    (b"MZ\x90\0", "a program"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\0", "a database"),
    (b"\0\1\0\0Standard ", "an Access database"),
    (b"PAR1", "a Parquet file"),
    (b"BEGIN:VCARD", "a vCard address book"),
    (b"BEGIN:VCALENDAR", "a calendar"),
    (b"\t\0\4\0", "a workbook from a very old version of Excel"),
    (b"\t\2\6\0", "a workbook from a very old version of Excel"),
    (b"\t\4\6\0", "a workbook from a very old version of Excel"),
)

# Parts of a ZIP archive that show what it is. The first one found decides.
_ZIP_PARTS: Final = (
    ("xl/workbook.xml", Kind.XLSX),
    ("xl/workbook.bin", "an Excel binary workbook (.xlsb)"),
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a PowerPoint presentation"),
    ("Index/Document.iwa", "an Apple Numbers or Pages file"),
    ("Index.zip", "an Apple Numbers or Pages file"),
)
_XLSX: Final = b"spreadsheetml.sheet.main+xml"
_ODS: Final = b"application/vnd.oasis.opendocument.spreadsheet"

# Names of streams in an OLE container, as its directory spells them (UTF-16).
_OLE_STREAMS: Final = (
    ("EncryptedPackage", ProblemCode.PASSWORD_PROTECTED),
    ("_VBA_PROJECT", ProblemCode.MACROS),
    *((name, Kind.XLS) for name in STREAMS),
    ("WordDocument", "a Word document"),
    ("PowerPoint Document", "a PowerPoint presentation"),
    ("__properties_version1.0", "an Outlook message"),
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_MARKUP: Final = re.compile(rb"\s*<[a-z!?]", re.IGNORECASE)
_JSON: Final = re.compile(rb'\s*(?:\{\s*"|\[\s*[\[{])')
_BINARY: Final = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))


def kind_of(path: Path) -> Kind:
    """Return the kind. Raises FileProblem for a protected or damaged file, macros, or no spreadsheet."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return _kind_of_zip(path)
    if head.startswith(_OLE):
        return _kind_of_ole(path)
    seems = _seems(head)
    if seems:
        raise FileProblem(ProblemCode.NOT_A_SPREADSHEET, seems=seems)
    return Kind.CSV


def _seems(head: bytes) -> str | None:
    """Return the name of the format of a file that is neither a workbook nor lines of text, else None."""
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    encoding = utf_16(head)
    if encoding:
        head = head.decode(encoding, "ignore").encode()
    text = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")
    if _MARKUP.match(text):
        text = text.lower()
        if b"office:spreadsheet" in text:
            return "an Excel 2003 XML file"
        return "a web page (HTML)" if b"<html" in text or b"<table" in text else "an XML file"
    if _JSON.match(text):
        return "a JSON file"
    binary = len(head) - len(head.translate(None, _BINARY.replace(b"\0", b"")))
    return "made by some other program" if binary > len(head) // 50 else None


def _kind_of_zip(path: Path) -> Kind:
    try:
        check_directory(path)
        with zipfile.ZipFile(path) as archive:
            names = set(map(plain_name, archive.namelist()))
            types = _start_of(archive, "[Content_Types].xml", _LONGEST_MANIFEST)
            mimetype = _start_of(archive, "mimetype", len(_ODS) + 1)
            encrypted = any(info.flag_bits & 1 for info in archive.infolist())
            if mimetype == _ODS:
                manifest = _start_of(archive, "META-INF/manifest.xml", _LONGEST_MANIFEST)
                encrypted |= b"encryption-data" in manifest
    except MALFORMED:
        raise FileProblem(ProblemCode.DAMAGED) from None
    if encrypted:
        raise FileProblem(ProblemCode.PASSWORD_PROTECTED)
    if any(name.endswith("vbaproject.bin") or name.startswith("basic/") for name in names):
        raise FileProblem(ProblemCode.MACROS)
    if mimetype == _ODS:
        return Kind.ODS
    seems = next((what for name, what in _ZIP_PARTS if name.lower() in names), "a ZIP archive")
    if _XLSX in types:
        # This comes before `seems`, because an XLSX file's parts may have any names.
        return Kind.XLSX
    if isinstance(seems, Kind):
        return seems
    raise FileProblem(ProblemCode.NOT_A_SPREADSHEET, seems=seems)


def _start_of(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    """Return at most `size` bytes of a part, or b"" if there is no such part."""
    try:
        with archive.open(name) as part:
            return part.read(size)
    except KeyError:
        return b""


def _kind_of_ole(path: Path) -> Kind:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for name, what in _OLE_STREAMS:
            # An entry of the directory holds the name from its first byte, ended with a NUL.
            if content.find(f"{name}\0".encode("utf-16-le")) < 0:
                continue
            if isinstance(what, Kind):
                return what
            if isinstance(what, ProblemCode):
                raise FileProblem(what)
            raise FileProblem(ProblemCode.NOT_A_SPREADSHEET, seems=what)
    raise FileProblem(ProblemCode.NOT_A_SPREADSHEET, seems="made by some other program")
