"""Message texts by code, Vietnamese and English: what was found, what is allowed, what to do."""

MESSAGES: dict[str, tuple[str, str]] = {
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
    # policy and rules
    "asp-syntax": ("lỗi trong quy tắc: {found}", "error in a rule: {found}"),
    "asp-non-ascii": (
        "ký tự “{found}” ngoài ASCII trong quy tắc; chỉ dùng trong chuỗi và chú thích",
        "character “{found}” is not ASCII; use it in strings and comments only",
    ),
    "unknown-instrument": (
        "không có văn bản “{found}”{hint}; có: {allowed}",
        "no instrument “{found}”{hint}; there are: {allowed}",
    ),
    "unknown-reading": (
        "không có cách hiểu “{found}”{hint}; có: {allowed}",
        "no reading “{found}”{hint}; there are: {allowed}",
    ),
    "unknown-value": (
        "cách hiểu {reading} không có giá trị “{found}”{hint}; có: {allowed}",
        "reading {reading} has no value “{found}”{hint}; there are: {allowed}",
    ),
    "unknown-profile": (
        "không có bộ cách hiểu “{found}”{hint}; có: {allowed}",
        "no profile “{found}”{hint}; there are: {allowed}",
    ),
    "unknown-unit": ("không có đơn vị “{found}”{hint}; có: {allowed}", "no unit “{found}”{hint}; there are: {allowed}"),
    "unknown-verdict": (
        "không có loại kết quả “{found}”{hint}; có: {allowed}",
        "no verdict “{found}”{hint}; there are: {allowed}",
    ),
    "not-in-force": (
        "ngày {found} chưa có quy định nào có hiệu lực; chọn từ ngày {allowed}",
        "no policy was in force on {found}; choose a date from {allowed}",
    ),
    "unknown-draft": ("không có dự thảo “{found}”; có: {allowed}", "no draft “{found}”; there are: {allowed}"),
    "repeated-case": (
        "ca “{found}” lặp lại (lần đầu ở dòng {first})",
        "case “{found}” is repeated (first on line {first})",
    ),
    "unknown-provision": ("không có điều khoản “{found}”{hint}", "there is no provision “{found}”{hint}"),
    "no-candidates": (
        "không có giá trị nào để điền cho {found}; báo lỗi này kèm dữ liệu",
        "nothing could complete {found}; report this with the data",
    ),
    "not-decided": (
        "dữ liệu đủ mà kết quả chưa được quyết định ({found}); quy tắc có vòng lặp qua phủ định",
        "complete data leave verdicts undecided ({found}); the rules loop through negation",
    ),
    # properties
    "no-front-matter": (
        "tệp không bắt đầu bằng phần mô tả; viết `%! title:` … ở các dòng đầu tiên",
        "the file does not begin with its description; write `%! title:` … in the first lines",
    ),
    "no-finding": (
        "tính chất không có quy tắc nào sinh ra `finding(khóa)`; thêm, nếu không thì nó luôn đúng",
        "the property has no rule for `finding(key)`; add one, or it always holds",
    ),
    "witness-differs": (
        "tìm thấy {found}, nhưng bộ máy không cho như vậy với dữ liệu tìm được; sửa không gian cho khớp với cách nạp dữ liệu",
        "{found} was found, but the engine does not give it for the data found; make the space agree with how data is loaded",
    ),
    "not-with-draft": (
        "ca minh họa là của văn bản đang có hiệu lực; bỏ --with",
        "the witnesses are about the text in force; leave out --with",
    ),
    "check-rules-fire": (
        "không dữ liệu nào làm quy tắc này áp dụng: {found}; sửa, hoặc bỏ quy tắc",
        "no data makes this rule fire: {found}; correct it, or drop it",
    ),
    "check-readings-matter": (
        "giá trị này của cách hiểu không làm đổi kết quả nào: {found}; sửa, hoặc bỏ giá trị",
        "this value of a reading changes no verdict: {found}; correct it, or drop the value",
    ),
    "check-numbers-matter": (
        "con số này không làm đổi kết quả nào: {found}; sửa quy tắc, hoặc bỏ dữ kiện",
        "this number changes no verdict: {found}; correct the rules, or drop the fact",
    ),
    "gap-new": (
        "phát hiện mới, chưa có trong hồ sơ: {found} ({profiles}); xem xét, rồi ghi vào known-gaps.yaml",
        "new finding, not in the dossier: {found} ({profiles}); review it, then add it to known-gaps.yaml",
    ),
    "gap-gone": (
        "hồ sơ ghi {found} ({profiles}), nhưng tính chất nay đã được chứng minh; xóa mục, hoặc sửa `profiles`",
        "the dossier lists {found} ({profiles}), but the property is proved now; drop the entry, or correct `profiles`",
    ),
    "gap-property": (
        "không có tính chất “{found}”{hint}; có: {allowed}",
        "no property “{found}”{hint}; there are: {allowed}",
    ),
    "gap-witness": (
        "không có ca “{found}” trong {allowed}; chạy `cchc verify --write`, hoặc sửa mã",
        "there is no case “{found}” in {allowed}; run `cchc verify --write`, or correct the id",
    ),
    "repeated-gap": (
        "{found} đã có trong hồ sơ (dòng {first}); gộp lại",
        "{found} is in the dossier already (line {first}); merge them",
    ),
    # lint
    "undeclared-predicate": (
        "vị từ {found} chưa khai báo{hint}; khai báo trong vocabulary.yaml",
        "predicate {found} is not declared{hint}; declare it in vocabulary.yaml",
    ),
    "misused-predicate": (
        "{found} dùng sai: {reason}; sửa theo vocabulary.yaml",
        "{found} is misused: {reason}; follow vocabulary.yaml",
    ),
    "missing-citation": (
        "quy tắc không dẫn điều khoản; thêm dòng `%@ <điều khoản>` ngay phía trên",
        "the rule cites no provision; add a line `%@ <provision>` right above it",
    ),
    "expected-value": (
        "{found} không ghi {column}; thêm vào, nếu không thì những quy tắc cần đến nó không áp dụng được",
        "{found} has no {column}; add it, or the rules that need it do not apply",
    ),
    "too-early": (
        "ngày {found} trước ngày {allowed} của bảng {table}; kiểm tra lại hai ngày",
        "{found} lies before {allowed} in table {table}; check both dates",
    ),
    "misjudged-duty": (
        "nghĩa vụ {found} ghi `evaluable: {evaluable}`; ghi `computable` khi và chỉ khi có `computed` hoặc có quy tắc nêu mã",
        "duty {found} says `evaluable: {evaluable}`; say `computable` if it has `computed` or a rule names it, only then",
    ),
    "unknown-duty": (
        "không có nghĩa vụ “{found}”{hint}; mã nghĩa vụ là mã điều khoản, .o và số thứ tự (xem duties trong các tệp điều)",
        "no duty “{found}”{hint}; a duty id is the id of its provision, .o and a number (see duties in the article files)",
    ),
    "unknown-citation": (
        "dẫn điều khoản “{found}” không tồn tại{hint}; sửa lại",
        "cites provision “{found}”, which does not exist{hint}; correct it",
    ),
    "unused-predicate": (
        "{found} không được quy tắc nào dùng; xóa, hoặc dùng đến",
        "{found} is used by no rule; remove it, or use it",
    ),
    "underived-predicate": (
        "{found} không có quy tắc hay dữ kiện nào sinh ra; thêm, hoặc xóa khai báo",
        "{found} is produced by no rule or fact; add one, or drop its declaration",
    ),
    "singleton-variable": (
        "biến {found} chỉ xuất hiện một lần; sửa tên, hoặc dùng “_”",
        "variable {found} occurs only once; correct it, or use “_”",
    ),
    "forbidden-construct": (
        "không dùng {found} trong quy tắc; chỉ dùng luật, so sánh, phủ định và điều kiện “với mọi”",
        "{found} is not allowed in rules; use plain rules, comparisons, negation and conditional literals",
    ),
    "drifted-quotation": (
        "lời văn không khớp bản gốc: {found}; chép lại nguyên văn",
        "text differs from the archived source: {found}; quote it word for word",
    ),
    "computable-without-rule": (
        "điều khoản {found} ghi là tính được nhưng chưa có quy tắc hay dữ kiện; thêm, hoặc sửa `evaluable`",
        "provision {found} is marked computable but has no rule or fact; add one, or change `evaluable`",
    ),
    "needless-reason": (
        "điều khoản {found} đã có quy tắc, dữ kiện hay nghĩa vụ mà vẫn ghi `reason` vì sao không có; xóa `reason`",
        "provision {found} has a rule, a fact or a duty and still gives a `reason` for having none; drop `reason`",
    ),
    "unexplained-provision": (
        "điều khoản {found} không có quy tắc, dữ kiện hay nghĩa vụ nào; thêm, hoặc ghi `reason`: vì sao",
        "provision {found} has no rule, fact or duty; add one, or give a `reason`",
    ),
    "repeated-provision": ("điều khoản {found} khai báo hai lần", "provision {found} is declared twice"),
    # files, cells and options: further findings
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
    "not-pair": (
        "“{found}” thiếu dấu bằng; viết mã cách hiểu, dấu bằng, giá trị, ví dụ b2_max=strict",
        "“{found}” has no equals sign; write the reading, an equals sign and the value, e.g. b2_max=strict",
    ),
    "reserved-identifier": (
        "mã “{found}” được dành riêng; đặt mã khác",
        "identifier “{found}” is reserved; choose another one",
    ),
    # versions
    "expired": (
        "ngày {found}: {number} đã hết hiệu lực từ {allowed}; chọn ngày trước đó",
        "{number} was no longer in force on {found} (until {allowed}); choose an earlier date",
    ),
    "out-of-scope": (
        "năm {found} (ngày {day}) ngoài phạm vi áp dụng: từ {date}, {reason}",
        "year {found} (on {day}) is out of scope: since {date}, {reason}",
    ),
    "several-versions": (
        "các năm được hỏi thuộc nhiều phiên bản của văn bản ({found}); thêm --year hoặc --as-of",
        "the years asked about come under several versions of the text ({found}); add --year or --as-of",
    ),
    "version-cycle": (
        "{found} thay thế {by}, mà {by} lại thay thế nó, trực tiếp hoặc qua văn bản khác; sửa `replaces`",
        "{found} replaces {by}, which replaces it in turn, directly or through others; correct `replaces`",
    ),
    "repeated-instrument": (
        "“{found}” đã là văn bản khác (tại {first}); dự thảo đã ban hành thì bỏ khỏi drafts",
        "“{found}” is another instrument already (at {first}); a draft that was adopted leaves the drafts",
    ),
    "not-of-amendment": (
        "văn bản sửa đổi không có `{found}`; ghi việc đó thành một văn bản sửa đổi khác, hoặc vào văn bản được sửa đổi",
        "an amending instrument has no `{found}`; say so in another amendment, or in the instrument it amends",
    ),
    "before-base": (
        "ngày {found} trước ngày {allowed} mà văn bản được sửa đổi có hiệu lực; kiểm tra lại hai ngày",
        "{found} lies before {allowed}, when the instrument it amends takes effect; check both dates",
    ),
    "vanished-duty": (
        "văn bản được hỏi không còn nghĩa vụ “{found}”; bỏ qua ghi nhận này",
        "the text asked about no longer has duty “{found}”; this record is left out",
    ),
    "no-side": (
        "“{found}” không phải thư mục, ngày (năm-tháng-ngày) hay phiên bản git có thư mục policies; kiểm tra lại",
        "“{found}” is no folder, no date (year-month-day) and no git revision with a policies folder; check it",
    ),
    "no-git": ("không chạy được git: {found}", "git cannot be run: {found}"),
    "dirty-tree": (
        "cây làm việc có thay đổi chưa commit ({found}); commit trước, hoặc thêm --dirty để xem cả những thay đổi đó",
        "the working tree has changes that are not committed ({found}); commit them first, or add --dirty to review them too",
    ),
    # amendments
    "one-operation": (
        "mỗi mục sửa đổi có đúng một thao tác (chỉ insert_after, replace có lines); tìm thấy: {found}; cho phép: {allowed}",
        "each change has exactly one operation (lines only with insert_after, replace); found: {found}; allowed: {allowed}",
    ),
    "no-such-provision": (
        "không có điều khoản “{found}” để sửa đổi{hint}",
        "there is no provision “{found}” to change{hint}",
    ),
    "already-repealed": (
        "điều khoản “{found}” đã bị bãi bỏ ({by}, {clause}); không còn gì để sửa đổi",
        "provision “{found}” is already repealed ({by}, {clause}); nothing is left to change",
    ),
    "amended-twice": (
        "hai văn bản cùng có hiệu lực ngày {day} đều sửa đổi “{found}” ({other}, {place}); thứ tự không rõ: "
        "gộp lại, hoặc đổi ngày",
        "two instruments that take effect on {day} both change “{found}” ({other}, {place}); their order is not stated: merge "
        "them, or change a date",
    ),
    "outside-change": (
        "lời văn mới có điều khoản “{found}” nằm ngoài phần được thay: {allowed}",
        "the new text has a provision “{found}” outside of what is replaced: {allowed}",
    ),
    "no-such-phrase": (
        "trong {provision} không có cụm từ “{found}”",
        "{provision} does not contain the phrase “{found}”",
    ),
    "part-of-line": (
        "“{found}” chỉ là một phần của dòng; sửa đổi cả điều khoản chứa nó",
        "“{found}” is only a part of a line; change the whole provision that holds it",
    ),
    "no-new-text": (
        "không có lời văn mới cho “{found}”; thêm vào `lines`, hoặc bãi bỏ nó bằng một thao tác `repeal` riêng",
        "there is no new text for “{found}”; add it to `lines`, or repeal it in a change of its own",
    ),
    "changed-figure": (
        "cụm từ được thay làm đổi con số trong “{found}”, lời văn của một mục trong `{key}` của {provision}; ghi lại `{key}` "
        "của {provision} dưới `substitute`",
        "the substitution changes a figure in “{found}”, the words of an entry of `{key}` of {provision}; restate the `{key}` "
        "of {provision} under `substitute`",
    ),
    "stale-rule": (
        "quy tắc cho {head} còn dẫn “{found}” mà {by} ({clause}) đã thay, bãi bỏ hoặc đổi số; viết lại quy tắc trong văn bản "
        "sửa đổi và ghi {head} vào `redefines`",
        "a rule for {head} still cites “{found}”, which {by} ({clause}) replaced, repealed or renumbered; restate it in the "
        "amending instrument and list {head} under `redefines`",
    ),
}
