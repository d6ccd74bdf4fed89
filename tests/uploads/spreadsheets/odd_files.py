"""Write workbooks for tests: some that no program writes, and some as programs write them."""

import random
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import xlsxwriter

FILES = Path(__file__).parent / "files"

_SPREADSHEETML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

XLSX_PARTS = {
    "[Content_Types].xml": f"""<Types xmlns="{_PACKAGE}/content-types">
        <Default Extension="xml" ContentType="application/xml"/></Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1"
        Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/workbook.xml": f"""<workbook xmlns="{_SPREADSHEETML}" xmlns:r="{_RELATIONS}">
        <sheets><sheet name="Contacts" sheetId="1" r:id="r1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
        <Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>
        </Relationships>""",
}
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"


def zipped(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """Write an archive of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def padded(path: Path, size: int = 3_000_000) -> Path:
    """Add a picture of `size` bytes that do not compress, so that the other parts may compress well."""
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("media/picture.png", random.Random(0).randbytes(size))
    return path


def raw_xlsx(path: Path, rows: str, *, before: str = "", **more: str | bytes) -> Path:
    """Write an XLSX file whose one sheet holds `rows` as they are, in XML."""
    sheet = f'{before}<worksheet xmlns="{_SPREADSHEETML}"><sheetData>{rows}</sheetData></worksheet>'
    return zipped(path, {**XLSX_PARTS, "xl/worksheets/sheet1.xml": sheet, **more})


def streamed_xlsx(path: Path, rows: Iterable[bytes]) -> Path:
    """Write an XLSX file whose one sheet is too large to be held in memory."""
    zipped(path, XLSX_PARTS)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as sheet,
    ):
        sheet.write(f'<worksheet xmlns="{_SPREADSHEETML}"><sheetData>'.encode())
        for some in rows:
            sheet.write(some)
        sheet.write(b"</sheetData></worksheet>")
    return path


def prefixed_xlsx(path: Path, rows: str) -> Path:
    """Write an XLSX file in which every name has a prefix, as Microsoft's own SDK does."""
    sheet = (
        f'<x:worksheet xmlns:x="{_SPREADSHEETML}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    )
    return zipped(path, {**XLSX_PARTS, "xl/worksheets/sheet1.xml": sheet})


def xlsx(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """Write an XLSX file as Excel would."""
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Contacts")
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    return path


def raw_ods(path: Path, rows: str, *, manifest: str = "", styles: str = "") -> Path:
    """Write an ODS file whose one sheet holds `rows` as they are, in XML."""
    spaces = ("office", "table", "text", "style", "number")
    names = " ".join(f'xmlns:{n}="{_OASIS}:{n}:1.0"' for n in spaces)
    content = (
        f"<office:document-content {names} xmlns:calcext='urn:org:documentfoundation:names:"
        "experimental:calc:xmlns:calcext:1.0'>"
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="Contacts">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f"""<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0">
        <manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS}">{manifest}
        </manifest:file-entry></manifest:manifest>"""
    parts = {"mimetype": _ODS, "META-INF/manifest.xml": manifest, "content.xml": content}
    return zipped(path, parts)


def ods_cell(text: str, attributes: str = "") -> str:
    """Return a cell of text for `raw_ods`."""
    start = f'<table:table-cell office:value-type="string" {attributes}>'
    return f"{start}<text:p>{text}</text:p></table:table-cell>"


def ods(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """Write an ODS file of cells of text."""
    empty = "<table:table-cell/>"
    cells = ("".join(ods_cell(cell) if cell else empty for cell in row) for row in rows)
    return raw_ods(path, "".join(f"<table:table-row>{row}</table:table-row>" for row in cells))


def xls(
    path: Path,
    cells: Sequence[tuple[int, int, int, str | float]],
    formats: Sequence[str] = (),
    *,
    stream: str = "Workbook",
    more: bytes = b"",
    shared: Sequence[str] = (),
) -> Path:
    """Write an XLS file of one sheet: row, column, format and value of each cell.

    Format 0 is the general one, 1 the first of `formats`; `more` are further records of the sheet,
    and `shared` texts that its cells can name.
    """
    about = xls_record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    about += xls_record(0x00E0, bytes(20))
    for index, code in enumerate(formats):
        text = struct.pack("<HHB", 200 + index, len(code), 1) + code.encode("utf-16-le")
        about += xls_record(0x041E, text)
        about += xls_record(0x00E0, struct.pack("<HH16x", 0, 200 + index))
    if shared:
        texts = (struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in shared)
        about += xls_record(0x00FC, struct.pack("<II", len(shared), len(shared)) + b"".join(texts))
    end = xls_record(0x000A)
    start = len(about) + len(xls_record(0x0085, bytes(8))) + len("Contacts") + len(end)
    about += xls_record(0x0085, struct.pack("<IHBB", start, 0, len("Contacts"), 0) + b"Contacts")
    sheet = xls_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0)) + more
    for row, column, cell_format, value in cells:
        place = struct.pack("<HHH", row, column, cell_format)
        if isinstance(value, str):
            text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
            sheet += xls_record(0x0204, place + text)
        else:
            sheet += xls_record(0x0203, place + struct.pack("<d", value))
    path.write_bytes(_container(stream, about + end + sheet + end))
    return path


def xls_record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _container(name: str, content: bytes) -> bytes:
    """Return an OLE container with one stream (MS-CFB): its table, its directory, then the stream."""
    end, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    content = content.ljust(max(4096, -(-len(content) // 512) * 512), b"\0")
    sectors = len(content) // 512
    chain = [table, end, *range(3, 2 + sectors), end]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + struct.pack(
        "<16xHHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0, 0
    )
    entries = [("Root Entry", 5, end, 0), (name, 2, 2, len(content))]
    directory = b"".join(_entry(*entry) for entry in entries).ljust(512, b"\0")
    header += struct.pack(f"<{108}I", *[free] * 108)
    return header + struct.pack("<128I", *chain, *[free] * (128 - len(chain))) + directory + content


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    spelt = f"{name}\0".encode("utf-16-le")
    child = 1 if kind == 5 else 0xFFFFFFFF
    return spelt.ljust(64, b"\0") + struct.pack(
        "<HBBIII36xII4x", len(spelt), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, start, size
    )


def ole(path: Path, stream: str) -> Path:
    """Write the header and directory of an OLE container that names one stream."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0")
    name = f"{stream}\0".encode("utf-16-le")
    path.write_bytes(header + name.ljust(64, b"\0") + struct.pack("<H", len(name)) + bytes(62))
    return path


def understated(path: Path, part: str, size: int) -> Path:
    """Make the directory of an archive declare another size for one of its parts."""
    content = bytearray(path.read_bytes())
    # The central directory is after all parts, so the last mention of the name is there. The name is
    # 46 bytes after the entry's start, and the unpacked size is at 24 (APPNOTE.TXT 4.3.12).
    entry = content.rindex(part.encode()) - 46
    struct.pack_into("<I", content, entry + 24, size)
    path.write_bytes(content)
    return path
