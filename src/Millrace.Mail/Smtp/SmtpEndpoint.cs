using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Millrace.Mail.Smtp;

public enum SmtpTls
{
    /// <summary>Clear text, even when the server offers STARTTLS.</summary>
    None,

    /// <summary>STARTTLS or no mail at all; never a fall back to clear text.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Implicit,
}

/// <summary>Where and how to send: <c>smtp://user:pass@host:port?tls=none|starttls|implicit</c>.</summary>
/// <param name="Password">A secret; <see cref="ToString"/> does not show it.</param>
public sealed record SmtpEndpoint(string Host, int Port, SmtpTls Tls, string? User = null, string? Password = null)
{
    /// <summary>
    /// Without <c>tls</c>: port 465 means implicit, any other STARTTLS. Without a port: 465 or 587. User and password are percent-decoded.
    /// </summary>
    public static bool TryParse(string url, [NotNullWhen(true)] out SmtpEndpoint? endpoint)
    {
        endpoint = null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not "smtp" || uri.IdnHost.Length == 0
            || uri.AbsolutePath is not ("" or "/") || ReadTls(uri) is not { } tls)
        {
            return false;
        }

        var port = uri.Port > 0 && HasPort(url) ? uri.Port : tls == SmtpTls.Implicit ? 465 : 587;
        var (user, password) = ReadUser(uri.UserInfo);
        endpoint = new SmtpEndpoint(uri.IdnHost.Trim('[', ']'), port, tls, user, password);
        return true;
    }

    /// <exception cref="FormatException">Not of the form above. The message does not repeat the text: it may hold a password.</exception>
    public static SmtpEndpoint Parse(string url) =>
        TryParse(url, out var endpoint) ? endpoint : throw new FormatException("Expected smtp://user:pass@host:port?tls=none|starttls|implicit");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"smtp://{(User is null ? "" : Uri.EscapeDataString(User) + ":***@")}{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}?tls={Name(Tls)}");

    private static string Name(SmtpTls tls) => tls switch { SmtpTls.None => "none", SmtpTls.StartTls => "starttls", _ => "implicit" };

    private static SmtpTls? ReadTls(Uri uri) => uri.Query switch
    {
        "" or "?" => HasPort(uri.OriginalString) && uri.Port == 465 ? SmtpTls.Implicit : SmtpTls.StartTls,
        "?tls=none" => SmtpTls.None,
        "?tls=starttls" => SmtpTls.StartTls,
        "?tls=implicit" => SmtpTls.Implicit,
        _ => null,
    };

    // Uri fills in 25 by itself.
    private static bool HasPort(string url)
    {
        var authority = url.AsSpan("smtp://".Length);
        var end = authority.IndexOfAny('/', '?');
        authority = end < 0 ? authority : authority[..end];
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        return authority.LastIndexOf(':') > authority.LastIndexOf(']');
    }

    private static (string? User, string? Password) ReadUser(string info)
    {
        if (info.Length == 0)
        {
            return (null, null);
        }

        var colon = info.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? (Uri.UnescapeDataString(info), "")
            : (Uri.UnescapeDataString(info[..colon]), Uri.UnescapeDataString(info[(colon + 1)..]));
    }
}
