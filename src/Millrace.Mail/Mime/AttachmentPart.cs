using System.Buffers;
using System.Text;

namespace Millrace.Mail.Mime;

/// <summary>Writes one file: base64, its name as RFC 2231 wants it where it goes beyond ASCII.</summary>
internal static class AttachmentPart
{
    private const int MaxName = 150;
    private static readonly SearchValues<char> TypeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&^_.+-/");
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.@");

    public static void Write(IBufferWriter<byte> output, MailAttachment attachment, bool inline)
    {
        var type = IsType(attachment.ContentType) ? attachment.ContentType.ToLowerInvariant() : "application/octet-stream";
        Ascii(output, $"Content-Type: {type}\r\nContent-Transfer-Encoding: base64\r\n");
        if (attachment.ContentId is { } id)
        {
            Ascii(output, IsContentId(id) ? $"Content-ID: <{id}>\r\n" : throw new InvalidHeaderException("A content id is visible ASCII without brackets and blanks."));
        }

        Ascii(output, $"Content-Disposition: {(inline ? "inline" : "attachment")};\r\n {FileName(attachment.Name)}\r\n\r\n");
        Base64Lines.Write(output, attachment.Content.Span);
    }

    /// <summary>Whether the text can stand as <c>Content-ID</c>.</summary>
    public static bool IsContentId(string id) => id.Length is > 0 and <= 200 && !id.AsSpan().ContainsAnyExcept(IdCharacters);

    private static bool IsType(string type) =>
        type.Length <= 100 && type.Count(c => c == '/') == 1 && type[0] != '/' && type[^1] != '/' && !type.AsSpan().ContainsAnyExcept(TypeCharacters)
        && !type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) && !type.StartsWith("message/", StringComparison.OrdinalIgnoreCase);

    private static string FileName(string name)
    {
        var clean = new string([.. HeaderText.WithoutInvisible(name).Where(c => !char.IsControl(c) && c is not ('/' or '\\'))]).Trim();
        clean = clean.Length == 0 ? "file" : clean.Length > MaxName ? clean[^MaxName..] : clean;
        return clean.All(c => c is >= ' ' and <= '~' and not '"') ? $"filename=\"{clean}\"" : $"filename*=utf-8''{Uri.EscapeDataString(clean.Normalize())}";
    }

    private static void Ascii(IBufferWriter<byte> output, string text)
    {
        var span = output.GetSpan(text.Length);
        output.Advance(Encoding.ASCII.GetBytes(text, span));
    }
}
