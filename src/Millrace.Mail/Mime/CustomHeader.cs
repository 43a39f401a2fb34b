namespace Millrace.Mail.Mime;

/// <summary>What people may add to a mail's headers.</summary>
public static class CustomHeader
{
    /// <summary>Null when the header can be written; otherwise a sentence that says why not.</summary>
    public static string? Problem(string name, string value) =>
        name.Length is 0 or > 70 || name.Any(c => c is <= ' ' or ':' or >= '\x7f') ? "A header name has 1 to 70 visible ASCII characters without a colon."
        : MimeWriter.IsOwn(name) ? $"The header {name} cannot be set."
        : value.Length > 4_000 ? $"The header {name} is too long."
        : !HeaderText.IsSafe(value) ? $"The header {name} contains a control character."
        : null;

    /// <summary>Whether the text can be a <c>Content-ID</c>.</summary>
    public static bool IsContentId(string id) => AttachmentPart.IsContentId(id);
}
