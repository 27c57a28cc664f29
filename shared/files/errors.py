"""What is refused about files: one row per code, with its two texts."""

from shared.errors import Conflict, Invalid, NotFound, TooLarge, Unavailable

FILE_NOT_FOUND = NotFound.row(
    "file_not_found", "没有这个文件，或您无权查看。", "There is no such file, or it is not yours to see."
)
FILE_LOST = Unavailable.row(
    "file_lost", "文件暂时读不到，请稍后再看。", "The file cannot be read now; try again later."
)
FILE_TOO_LARGE = TooLarge.row(
    "file_too_large",
    "文件超过 {most} MB，请压缩后再传。",
    "The file is larger than {most} MB; send a smaller one.",
    field="Upload-Length",
)
FILE_ATTACHED = Conflict.row(
    "file_attached", "文件已随内容提交，不能删除。", "The file belongs to what was sent already; it stays."
)
FILES_TOO_MANY = Conflict.row(
    "files_too_many",
    "您有 {count} 个文件尚未提交，请先提交或删除一些。",
    "{count} files of yours belong to nothing yet; send what they are for, or delete some.",
)
UPLOADS_TOO_MANY = Unavailable.row(
    "uploads_too_many", "正在上传的文件太多，请稍后继续。", "Too many files are being sent now; go on shortly."
)
UPLOAD_STALLED = Invalid.row(
    "upload_stalled",
    "{seconds} 秒没有收到数据；已收到的部分已保存，请接着上传。",
    "Nothing came for {seconds} seconds; what came is kept, go on from there.",
)
UPLOAD_OFFSET = Conflict.row(
    "upload_offset",
    "断点位置不对，应从 {received} 开始；请先用 HEAD 查询。",
    "The upload goes on at {received}; ask with HEAD first.",
    field="Upload-Offset",
)
UPLOAD_TOO_LONG = TooLarge.row(
    "upload_too_long", "收到的数据比声明的长，请重新上传。", "More came than Upload-Length said; send it anew."
)
UPLOAD_HEADER = Invalid.row(
    "upload_header", "请求头 {name} 缺失或不是数字。", "The header {name} is missing or no number."
)
UPLOAD_TYPE = Invalid.row(
    "upload_type",
    "请设置 Content-Type: application/offset+octet-stream。",
    "Set Content-Type: application/offset+octet-stream.",
    field="Content-Type",
)
TUS_VERSION = Invalid.row(
    "tus_version", "请按 tus 1.0.0 上传（Tus-Resumable: 1.0.0）。", "Send Tus-Resumable: 1.0.0.", field="Tus-Resumable"
)
PHOTO_TYPE = Invalid.row(
    "photo_type",
    "这不是照片；可以上传 JPEG、PNG、WebP 或 HEIC。",
    "This is no photo; JPEG, PNG, WebP and HEIC are taken.",
)
PHOTO_UNREADABLE = Invalid.row(
    "photo_unreadable",
    "照片已损坏，打不开；请重新拍摄或另选一张。",
    "The photo is damaged; take or choose another one.",
)
PHOTO_PIXELS = Invalid.row(
    "photo_pixels",
    "照片的像素太多（最多 {most} 百万）；请缩小后再传。",
    "The photo has too many pixels (at most {most} million); send a smaller one.",
)
DOCUMENT_UNREADABLE = Invalid.row(
    "document_unreadable",
    "PDF 文件不完整，打不开；请重新导出后再传。",
    "The PDF is not whole and cannot be opened; export it anew.",
)
DOCUMENT_OF_PHOTO = Invalid.row(
    "document_of_photo",
    "这是照片，不是 PDF 文件；请作为照片添加。",
    "This is a photo and no PDF; add it as a photo.",
    field="documents",
)
PHOTO_OF_DOCUMENT = Invalid.row(
    "photo_of_document",
    "这是 PDF 文件，不是照片；请作为附件添加。",
    "This is a PDF and no photo; add it as a document.",
    field="photos",
)
PHOTO_UNKNOWN = Invalid.row(
    "photo_unknown",
    "没有这张照片，或不是您上传的；请重新上传。",
    "There is no such photo, or you did not upload it; upload it again.",
    field="photos",
)
PHOTO_UNFINISHED = Invalid.row(
    "photo_unfinished",
    "照片还没有传完，请传完后再提交。",
    "The photo has not come whole; finish it first.",
    field="photos",
)
PHOTO_ATTACHED = Invalid.row(
    "photo_attached",
    "这张照片已用在别处，请重新上传。",
    "The photo belongs to something else already; upload it again.",
    field="photos",
)
PHOTOS_TOO_MANY = Invalid.row("photos_too_many", "最多 {most} 张照片。", "At most {most} photos fit.", field="photos")
