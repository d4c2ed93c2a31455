// Every sentence of the page itself. Words of proofs come from the vocabulary file (solver/cchc/text.py, messages.py).

/** @type {Record<string, [string, string]>} */
const WORDS = {
  "head": ["Người đứng đầu", "The head"],
  "unit": ["Đơn vị (mã hoặc tên, không ghi tên người)", "Unit (a code or name, never a person's)"],
  "type": ["Loại đơn vị", "Kind of unit"],
  "office": ["Chức vụ nêu tại Điều 15 (nếu có)", "Post named in Article 15 (if any)"],
  "none": ["không", "none"],
  "year": ["Năm Chỉ số", "Index year"],
  "index": ["Chỉ số năm {year}", "Index of {year}"],
  "index-hint": ["0–100, dấu chấm thập phân, ví dụ 85.25", "0–100, with a decimal point, e.g. 85.25"],
  "state-of": ["{label}: đã biết hay chưa", "{label}: known or not"],
  "known": ["đã biết", "known"],
  "unknown": ["chưa biết", "unknown"],
  "not_announced": ["chưa công bố", "not announced"],
  "no-row": ["không có trong dữ liệu", "not in the data"],
  "more": ["Thêm: thay đổi người giữ chức vụ, quyền hoặc phụ trách, nội dung tại khoản 2 Điều 14", "More: change of holder, acting heads, matters under 14.2"],
  "conduct": ["Năm {year} có ghi nhận về trách nhiệm, phẩm chất, năng lực (khoản 2 Điều 14)", "A matter of responsibility, conduct or capacity was recorded in {year} (14.2)"],
  "capacity": ["Người giữ chức vụ năm {year}", "Who holds the post in {year}"],
  "changed": ["Năm {year} đã đổi người đứng đầu so với năm trước", "The head changed between {before} and {year}"],
  "rating": ["Cấp huyện đánh giá năm {year}", "District rating of {year}"],
  "items": ["Nội dung được giao", "Assigned items"],
  "item": ["Nội dung", "Item"],
  "item-code": ["Mã hoặc tên nội dung", "Code or name of the item"],
  "role": ["Vai trò", "Role"],
  "encouragement": ["Tiêu chí điểm khuyến khích", "Encouragement points"],
  "first-year": ["Có trong bộ Chỉ số từ năm (để trống: đã lâu)", "In the index since (empty: for long)"],
  "points": ["Điểm", "Points"],
  "max": ["Tối đa", "Maximum"],
  "cause": ["Nguyên nhân (nếu giảm)", "Cause (if it fell)"],
  "cause-none": ["chưa xác định", "not determined yet"],
  "add-item": ["Thêm nội dung", "Add an item"],
  "drop-item": ["Bỏ nội dung {item}", "Remove item {item}"],
  "other-rows": ["Dữ kiện khác trong dữ liệu ({n} dòng), giữ nguyên", "Other facts in the data ({n} rows), kept as they are"],
  "incomplete": ["Bảng {table} chưa biết hết đối với đơn vị này", "Table {table} is not completely known for this unit"],
  "not-asked": ["Năm này nội dung chưa có", "The item did not exist in this year"],
  "how": ["Cách hiểu", "Readings"],
  "profile": ["Bộ cách hiểu", "Profile"],
  "readings-open": ["Đặt từng cách hiểu ({n} đã đặt khác)", "Set single readings ({n} changed)"],
  "decided-by": ["{version}: văn bản đã quyết định ({provision})", "{version}: decided by the text ({provision})"],
  "versions": ["Văn bản", "Texts"],
  "in-force": ["đang có hiệu lực", "in force"],
  "draft": ["dự thảo, chưa có hiệu lực", "a draft, not in force"],
  "notice": ["Lưu ý", "Note"],
  "load": ["Nạp một đơn vị có sẵn", "Load a unit"],
  "load-choose": ["Đơn vị", "Unit"],
  "load-go": ["Nạp", "Load"],
  "clear": ["Xóa hết", "Clear"],
  "example": ["Ví dụ", "Example"],
  "share": ["Tạo liên kết", "Make a link"],
  "share-done": ["Liên kết chứa toàn bộ ca này, đã sao chép.", "The link holds the whole case and is copied."],
  "share-copy": ["Liên kết chứa toàn bộ ca này; sao chép tại đây:", "The link holds the whole case; copy it here:"],
  "case-file": ["Sao chép thành ca kiểm thử", "Copy as case file"],
  "case-done": ["Đã sao chép; lưu thành tệp .yaml rồi chạy: cchc test TỆP.yaml", "Copied; save it as a .yaml file and run: cchc test FILE.yaml"],
  "case-copy": ["Lưu phần dưới đây thành tệp .yaml rồi chạy: cchc test TỆP.yaml", "Save this as a .yaml file and run: cchc test FILE.yaml"],
  "case-title": ["Từ trang thử: {unit}, năm {year}", "From the playground: {unit}, {year}"],
  "results": ["Kết quả", "Results"],
  "no-version": ["Chưa chọn văn bản nào nên không có kết quả để ghi. Chọn ít nhất một văn bản.", "No text is chosen, so there are no verdicts to write down. Choose one at least."],
  "working": ["đang tính…", "solving…"],
  "took": ["tính trong {ms} ms, ngay trong trình duyệt này", "solved in {ms} ms, in this browser"],
  "nothing-to-check": ["không có trường hợp nào phải xét", "there is no case to check"],
  "nothing": ["Văn bản không cho kết quả nào với dữ liệu này.", "The text gives no verdict on these data."],
  "before-first": ["Năm {year} không có kết quả nào: xem Điều 2 của Quyết định về năm áp dụng.", "There are no verdicts for {year}: see Article 2 of the Decision on the years it covers."],
  "only-here": ["chỉ theo văn bản này", "only under this text"],
  "why-nots": ["Vì sao không?", "Why not?"],
  "why-not-of": ["Vì sao không phải: {value}?", "Why not: {value}?"],
  "no-completion": ["Kết quả này đúng trong mọi cách điền.", "It holds in every completion."],
  "literal": ["Theo đúng câu chữ (literal), kết quả khác:", "Taken literally, verdicts differ:"],
  "literal-too-long": ["Chưa so được với cách hiểu theo đúng câu chữ (literal): tính quá lâu.", "Not compared with the words taken literally: that takes too long."],
  "here": ["theo cách hiểu đang chọn", "as chosen"],
  "there": ["theo câu chữ", "literally"],
  "typed": ["số liệu nhập tại trang này", "typed on this page"],
  "edited": ["đã sửa so với bộ số liệu", "changed from the dataset"],
  "from-data": ["Số liệu của {unit} từ: {title}", "Figures of {unit} from: {title}"],
  "sources": ["Nguồn", "Sources"],
  "provenance-published": ["số liệu đã công bố", "published figures"],
  "provenance-derived": ["số liệu suy ra", "derived figures"],
  "provenance-illustrative": ["SỐ LIỆU MINH HỌA, không phải số liệu thật", "ILLUSTRATIVE FIGURES, not real ones"],
  "to-fix": ["Cần sửa {n} chỗ rồi mới tính được:", "Correct {n} place(s) first:"],
  "comma": ["“{found}”: dùng dấu chấm thay dấu phẩy: {fixed}", "“{found}”: use a point instead of the comma: {fixed}"],
  "empty-form": ["Biểu mẫu chưa có số liệu nào. Nhập Chỉ số và thêm ít nhất một nội dung, hoặc nạp một đơn vị có sẵn.", "The form holds no figures. Enter an index and add an item, or load a unit."],
  "empty-unit": ["ghi mã hoặc tên đơn vị", "enter a code or name for the unit"],
  "empty-year": ["“{found}” không phải năm; ghi bốn chữ số, ví dụ 2024", "“{found}” is not a year; enter four digits, e.g. 2024"],
  "same-name": ["“{found}” đã có; đặt tên khác", "“{found}” is taken; choose another name"],
  "empty-item": ["ghi mã hoặc tên nội dung", "enter a code or name for the item"],
  "max-missing": ["{item} năm {year}: có điểm thì phải ghi điểm tối đa", "{item}, {year}: enter the maximum, too"],
  "broken-link": ["Liên kết này bị hỏng hoặc thiếu một phần, nên không mở được ca. Xin lại liên kết đầy đủ, hoặc nhập từ đầu: biểu mẫu dưới đây là ví dụ.", "This link is damaged or cut short, so its case cannot be opened. Ask for the whole link, or start afresh: the form shows an example."],
  "from-link": ["Ca này được mở từ liên kết; số liệu do người gửi ghi, trang này không đối chiếu.", "This case was opened from a link; its figures are the sender's, and this page has not checked them."],
  "no-wasm": ["Trình duyệt này không có WebAssembly, nên không chạy được bộ giải. Dùng Firefox, Chrome, Edge hoặc Safari bản từ năm 2020, hoặc chạy trên máy: cchc test, cchc evaluate.", "This browser has no WebAssembly and cannot run the solver. Use Firefox, Chrome, Edge or Safari of 2020 or later, or the command line: cchc test, cchc evaluate."],
  "not-loaded": ["Không tải được bộ giải hoặc các quy tắc ({found}). Tải lại trang; nếu mở từ đĩa, mở qua một máy chủ web.", "The solver or the rules could not be loaded ({found}). Reload the page; a page opened from disk needs a web server."],
  "too-long": ["Tính quá lâu: quá nhiều điểm chưa biết cùng lúc. Điền bớt vài điểm rồi thử lại.", "This takes too long: too many scores are unknown at once. Fill in some of them."],
  "went-wrong": ["Có lỗi không mong đợi: {found}. Xin báo lỗi này kèm liên kết của ca.", "Something went wrong: {found}. Please report it with the link of the case."],
  "assumed-row": ["giả định", "assumed"],
  "your-row": ["số liệu của ca", "data of the case"],
  "given-row": ["bộ nạp dữ liệu biết", "known to the loader"],
  "way-out": ["cách {n}/{all}", "way {n} of {all}"],
  "in-one": ["Trong một cách điền dữ liệu còn thiếu, chẳng hạn:", "In one completion of the missing data, such as:"],
  "certain-cases": ["Chắc chắn trong mọi cách điền dữ liệu còn thiếu; dưới đây là chứng minh trong một cách điền:", "Certain in every completion of the missing data; this is the proof in one of them:"],
  "summary": ["{version}: {verdicts}", "{version}: {verdicts}"],
  "no-class": ["chưa có mức xếp loại", "no class"],
  "years-shown": ["Điểm từng năm", "Scores by year"],
};

/** Words in a language; texts in braces are filled in. */
export class Words {
  constructor(lang, vocabulary) {
    this.lang = lang;
    this.place = lang === "vi" ? 0 : 1;
    this.vocabulary = vocabulary;
  }

  say(key, filled = {}) {
    const words = WORDS[key] ?? this.vocabulary?.words[key];
    return fill(words[this.place], filled);
  }

  /** A message of the engine, by its code. */
  message(code, details) {
    return fill(this.vocabulary.messages[code][this.place], { hint: "", ...details });
  }
}

export function fill(text, filled) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in filled ? String(filled[name]) : whole));
}
