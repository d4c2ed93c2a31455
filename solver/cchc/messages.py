"""Message texts by code, Vietnamese and English: what was found, what is allowed, what to do."""

from __future__ import annotations

from cchc.policy_messages import MESSAGES as POLICY

MESSAGES: dict[str, tuple[str, str]] = {
    **POLICY,
    # files
    "no-file": (
        "không tìm thấy tệp hoặc thư mục; kiểm tra lại đường dẫn",
        "no such file or folder; check the path",
    ),
    "empty-file": ("tệp rỗng; cần ít nhất {allowed}", "the file is empty; at least {allowed} is needed"),
    "not-utf8": (
        "byte {found} không phải UTF-8; lưu lại tệp với mã hóa UTF-8",
        "byte {found} is not UTF-8; save the file as UTF-8",
    ),
    "outside-folder": (
        "đường dẫn “{found}” đi ra ngoài thư mục dữ liệu; chỉ dùng tệp nằm trong thư mục",
        "path “{found}” leaves the dataset folder; name a file inside it",
    ),
    "yaml-syntax": ("lỗi cú pháp YAML: {found}", "YAML syntax: {found}"),
    "duplicate-key": (
        "khóa “{found}” lặp lại (lần đầu ở dòng {first}); xóa một khóa",
        "key “{found}” is repeated (first on line {first}); remove one",
    ),
    "yaml-construct": (
        "không dùng {found} trong YAML; viết giá trị ra",
        "{found} is not allowed in YAML; write the value out",
    ),
    "not-writable": ("không ghi được: {found}", "cannot be written: {found}"),
    # schema
    "unknown-key": (
        "khóa lạ “{found}”{hint}; cho phép: {allowed}",
        "unknown key “{found}”{hint}; allowed: {allowed}",
    ),
    "missing-key": ("thiếu khóa “{found}”; thêm vào", "key “{found}” is missing; add it"),
    "not-allowed": (
        "“{found}” không hợp lệ{hint}; cho phép: {allowed}",
        "“{found}” is not valid{hint}; allowed: {allowed}",
    ),
    "wrong-shape": ("“{found}” không đúng dạng; cần {allowed}", "“{found}” has the wrong shape; expected {allowed}"),
    # tables
    "unknown-table": (
        "bảng lạ “{found}”{hint}; cho phép: {allowed}",
        "unknown table “{found}”{hint}; allowed: {allowed}",
    ),
    "missing-table": (
        "thiếu tệp của bảng “{found}”; thêm `file:`, hoặc bỏ bảng khỏi dataset.yaml",
        "table “{found}” has no file; add `file:`, or drop the table from dataset.yaml",
    ),
    "no-rows-known": (
        "bảng “{found}” không thể là `complete: {value}`; chỉ {allowed} được khai báo chưa đủ",
        "table “{found}” cannot be `complete: {value}`; only {allowed} may be incomplete",
    ),
    "unknown-column": (
        "cột lạ “{found}”{hint}; cho phép: {allowed}",
        "unknown column “{found}”{hint}; allowed: {allowed}",
    ),
    "missing-column": (
        "thiếu cột “{found}” của bảng {table}; thêm vào",
        "column “{found}” of table {table} is missing; add it",
    ),
    "repeated-column": ("cột “{found}” lặp lại; xóa một cột", "column “{found}” is repeated; remove one"),
    "field-count": (
        "dòng có {found} ô, tiêu đề có {allowed} cột; kiểm tra dấu phẩy, dấu ngoặc kép",
        "the row has {found} fields, the header {allowed} columns; check commas and quotes",
    ),
    "csv-separator": (
        "tiêu đề dùng dấu “{found}”; xuất lại CSV với dấu phẩy",
        "the header uses “{found}”; export the CSV with commas",
    ),
    "csv-quote": ("dấu ngoặc kép không đóng trên dòng này; đóng lại", "a quote is not closed on this line; close it"),
    "empty-value": ("ô “{found}” trống; cần {allowed}", "“{found}” is empty; expected {allowed}"),
    "not-decimal": (
        "“{found}” không phải số; dùng dấu chấm thập phân, tối đa bốn chữ số lẻ, ví dụ 3.75{hint}",
        "“{found}” is not a number; use a decimal point and at most four decimals, e.g. 3.75{hint}",
    ),
    "too-many-decimals": (
        "“{found}” có quá bốn chữ số thập phân; ghi đúng số đã công bố",
        "“{found}” has more than four decimals; enter the announced figure",
    ),
    "out-of-range": ("“{found}” ngoài khoảng {low} đến {high}", "“{found}” is outside {low} to {high}"),
    "not-integer": ("“{found}” không phải số nguyên", "“{found}” is not a whole number"),
    "not-date": (
        "“{found}” không phải ngày; viết năm-tháng-ngày, ví dụ 2024-04-17",
        "“{found}” is not a date; write year-month-day, e.g. 2024-04-17",
    ),
    "bad-identifier": (
        "mã “{found}” có ký tự không dùng được; bỏ ngoặc kép, gạch chéo ngược, ký tự điều khiển",
        "identifier “{found}” has unusable characters; drop quotes, backslashes and control characters",
    ),
    "looks-like-name": (
        "“{found}” giống tên người; chỉ ghi mã, ví dụ h1: số liệu nói về chức vụ, không nói tên ai",
        "“{found}” looks like the name of a person; write a code such as h1: data are about posts, never names",
    ),
    "over-maximum": (
        "điểm {found} lớn hơn điểm tối đa {allowed}; sửa một trong hai",
        "score {found} is over its maximum {allowed}; correct one of them",
    ),
    "not-positive": ("“{found}” phải lớn hơn 0", "“{found}” must be over 0"),
    "undeclared": (
        "“{found}” chưa được khai báo trong bảng {table}{hint}; thêm vào bảng đó hoặc sửa mã",
        "“{found}” is not declared in table {table}{hint}; add it there or correct it",
    ),
    "repeated-row": (
        "đã có dòng cho {found} (tại {first}); xóa một dòng",
        "there is a row for {found} already (at {first}); remove one",
    ),
    "year-outside": (
        "năm {found} không nằm trong dữ liệu; có: {allowed}",
        "year {found} is not covered by the dataset; it has: {allowed}",
    ),
    "year-uncovered": (
        "các năm được hỏi (đến {asked}) xét đến cả năm {found}; bộ dữ liệu bắt đầu từ {first}: điều cần biết về năm không có "
        "là chưa rõ",
        "the years asked about (up to {asked}) look back to {found}; the dataset begins with {first}: what is needed of the "
        "years it lacks is open",
    ),
    "year-after": (
        "năm {found} sau năm cuối của dữ liệu ({allowed})",
        "year {found} is after the last year of the dataset ({allowed})",
    ),
    "year-before-item": (
        "{found} chưa có hoặc không còn trong năm {year}; sửa năm, hoặc first_year, last_year",
        "{found} did not exist in {year}; correct the year, or first_year, last_year",
    ),
    "own-ancestor": (
        "“{found}” là cấp trên hoặc tiền thân của chính nó; sửa lại",
        "“{found}” is its own ancestor or predecessor; correct it",
    ),
    "successor-twice": (
        "“{found}” đã có nội dung kế thừa (tại {first}); mỗi nội dung chỉ một",
        "“{found}” has a successor already (at {first}); at most one is allowed",
    ),
    "nothing-to-correct": (
        "không có dòng điểm của {found} năm {year} để đính chính; thêm vào item_score",
        "there is no score row of {found} in {year} to correct; add it to item_score",
    ),
    "above-scale": (
        "{found} lớn hơn {allowed}; được chấp nhận, nhưng kiểm tra lại (gõ nhầm?)",
        "{found} is over {allowed}; accepted, but check it (a typing slip?)",
    ),
    "unknown-source": (
        "nguồn “{found}” không có trong `sources`{hint}; có: {allowed}",
        "source “{found}” is not among `sources`{hint}; there are: {allowed}",
    ),
    # index frameworks
    "unknown-framework": (
        "không có khung Chỉ số “{found}”{hint}; có: {allowed}",
        "no index framework “{found}”{hint}; there are: {allowed}",
    ),
    "framework-period": (
        "{found} áp dụng cho các năm {low} đến {high}; kiểm tra lại năm và số quyết định",
        "{found} is for the years {low} to {high}; check the year and the decision",
    ),
    "framework-maximum": (
        "điểm tối đa {found} khác {allowed} đã công bố của {framework}; kiểm tra lại",
        "maximum {found} differs from the published {allowed} of {framework}; check it",
    ),
    "framework-changed": (
        "từ năm {year}, {after} thay {before}; điểm tối đa đổi ({count}): {found}; cách hiểu {reading} quyết định việc so sánh",
        "from {year}, {after} follows {before}; maxima that change ({count}): {found}; reading {reading} decides comparisons",
    ),
    "framework-new": (
        "từ năm {year}, {after} thay {before}; nội dung mới ({count}): {found}; cách hiểu {reading} quyết định việc so sánh, "
        "trừ khi {table} có sự kế thừa đã được phê duyệt",
        "from {year}, {after} follows {before}; new items ({count}): {found}; reading {reading} decides comparisons, "
        "unless {table} has an approved succession",
    ),
    "framework-abolished": (
        "từ năm {year}, {after} thay {before}; nội dung bị bỏ, không có nội dung kế thừa ({count}): {found}; "
        "kiểm tra lại, hoặc thêm sự kế thừa đã được phê duyệt vào {table}",
        "from {year}, {after} follows {before}; items abolished without a successor ({count}): {found}; "
        "check them, or add an approved succession to {table}",
    ),
    # files, cells and options
    "control-character": (
        "ký tự điều khiển {found} trong tệp; xóa, hoặc lưu lại tệp dạng văn bản UTF-8",
        "control character {found} in the file; delete it, or save the file as UTF-8 text",
    ),
    "csv-after-quote": (
        "có chữ ngay sau dấu ngoặc kép đóng; thêm dấu phẩy, hoặc viết đôi dấu ngoặc kép ở trong ô",
        "text follows a closing quote; add a comma, or double the quotes inside the field",
    ),
    "missing-file": (
        "không có tệp “{found}” trong thư mục dữ liệu; sửa tên, hoặc thêm tệp",
        "there is no file “{found}” in the dataset folder; correct the name, or add the file",
    ),
    "no-such-format": (
        "--sensitivity không in được dạng “{found}”; chọn: table, json",
        "--sensitivity has no format “{found}”; choose: table, json",
    ),
    "not-pair": (
        "“{found}” thiếu dấu bằng; viết mã cách hiểu, dấu bằng, giá trị, ví dụ b2_max=strict",
        "“{found}” has no equals sign; write the reading, an equals sign and the value, e.g. b2_max=strict",
    ),
    "no-path": (
        "đường dẫn để trống; viết tên tệp hoặc thư mục, dấu chấm là thư mục hiện tại",
        "the path is empty; write the name of a file or folder, a dot for the present folder",
    ),
    "reserved-identifier": (
        "mã “{found}” được dành riêng; đặt mã khác",
        "identifier “{found}” is reserved; choose another one",
    ),
}
