"""Message texts about policies: rules, properties, versions, amendments; by code, Vietnamese and English."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
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
    "said-twice": (
        "“{found}” đã ghi ở {first}; chỉ một dòng như thế là đúng, kiểm tra lại",
        "“{found}” stands at {first} already; only one such row can be right, check both",
    ),
    "wrong-kind": (
        "“{found}” là {kind}, ở đây cần {allowed}; kiểm tra lại",
        "“{found}” is a {kind}, expected here: {allowed}; check it",
    ),
    "no-counterpart": (
        "bảng {table} không có dòng nào của {found}; thêm vào, nếu không thì dòng này không được xét",
        "table {table} has no row of {found}; add it, or this row has no effect",
    ),
    "within-year": (
        "ngày {found} không sau năm {year}; kiểm tra lại ngày và năm",
        "{found} does not lie after {year}; check the date and the year",
    ),
    "broken-years": (
        "{found} có dòng của những năm trước và sau, nhưng thiếu năm {year}: coi là chưa rõ; thêm vào nếu đã công bố",
        "{found} has rows of years before and after, but none of {year}, which counts as unknown; add it if it was announced",
    ),
    "not-the-sum": (
        "{found} khác tổng {allowed} của các phần; kiểm tra lại",
        "{found} differs from {allowed}, the sum of the parts; check them",
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
    "number-not-in-words": (
        "{column} là {found}, mà lời văn được dẫn không có số ấy: “{words}”; sửa một trong hai, hoặc ghi `implied: true` trong "
        "vocabulary.yaml",
        "{column} is {found}, a number that the words quoted do not hold: “{words}”; correct one of them, or say "
        "`implied: true` in vocabulary.yaml",
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
        "ngày {found} trước ngày {allowed} mà văn bản được sửa đổi, thay thế có hiệu lực; kiểm tra lại hai ngày",
        "{found} lies before {allowed}, when the instrument it amends or replaces takes effect; check both dates",
    ),
    "replaced-twice": (
        "hai văn bản cùng có hiệu lực ngày {day} đều thay thế {found} ({other}, {place}); không rõ văn bản nào có hiệu lực: "
        "sửa `replaces`, hoặc đổi ngày",
        "two instruments that take effect on {day} both replace {found} ({other}, {place}); which one is in force is not "
        "stated: correct `replaces`, or change a date",
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
    "ended-twice": (
        "văn bản này đã thay hoặc bãi bỏ “{found}”, hay phần của nó, tại {place}; gộp hai chỗ thành một",
        "this instrument replaces or repeals “{found}”, or a part of it, at {place} already; make one change of both",
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
    # scaffolds
    "taken": ("“{found}” đã có ({place}); chọn tên khác", "“{found}” exists already ({place}); choose another name"),
    "no-policies": (
        "không có thư mục quy định để ghi ở “{found}”; chạy trong kho, hoặc thêm --policies",
        "there is no policies folder to write into at “{found}”; run this in the repository, or add --policies",
    ),
    "underivable": (
        "{found} là vị từ kiểu {kind}, quy tắc không được sinh ra; chọn vị từ khác",
        "{found} is a predicate of kind {kind}, which rules must not derive; choose another one",
    ),
    "too-few-values": (
        "“{found}”: một cách hiểu có ít nhất hai giá trị khác nhau; viết cách nhau bằng dấu phẩy",
        "“{found}”: a reading has at least two different values; separate them by commas",
    ),
    "nothing-changed": (
        "chưa nêu sửa gì; thêm --replace, --insert-after hoặc --repeal với mã điều khoản",
        "nothing is named to change; add --replace, --insert-after or --repeal with the id of a provision",
    ),
    "overlapping-changes": (
        "“{found}” và “{other}” trùng hoặc nằm trong nhau; mỗi phần của văn bản chỉ sửa một lần",
        "“{found}” and “{other}” are the same or one lies in the other; change each part of the text once",
    ),
    "not-beside": (
        "mã “{found}” đã có hoặc không đứng cạnh được “{after}”; chọn mã cùng cấp, chưa dùng",
        "id “{found}” is used or does not stand beside “{after}”; choose an unused id of the same level",
    ),
    "not-archived": (
        "bản lưu {file} không có Điều {found}; văn bản đã ký chỉ đổi bằng văn bản sửa đổi: cchc new amendment",
        "the archived text {file} has no Article {found}; a signed text changes by an amendment only: cchc new amendment",
    ),
    "not-a-draft": (
        "“{found}” không phải dự thảo: bản lưu của văn bản đã ký không viết lại được; dự thảo: {allowed}",
        "“{found}” is not a draft: the archived text of a signed instrument is not rewritten; drafts: {allowed}",
    ),
}
