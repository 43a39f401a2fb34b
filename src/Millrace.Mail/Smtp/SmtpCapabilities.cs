using System.Globalization;

namespace Millrace.Mail.Smtp;

/// <summary>What an EHLO reply offers.</summary>
public sealed record SmtpCapabilities
{
    public bool Pipelining { get; init; }

    public bool EightBitMime { get; init; }

    public bool StartTls { get; init; }

    public bool AuthPlain { get; init; }

    public bool AuthLogin { get; init; }

    public bool HasSize { get; init; }

    /// <summary>Largest message in bytes; 0 = no limit told.</summary>
    public long MaxSize { get; init; }

    internal static SmtpCapabilities Read(SmtpReply reply)
    {
        var found = new SmtpCapabilities();
        foreach (var line in reply.Lines.Skip(1))
        {
            var words = line.Split([' ', '='], StringSplitOptions.RemoveEmptyEntries);
            found = (words.Length == 0 ? "" : words[0].ToUpperInvariant()) switch
            {
                "PIPELINING" => found with { Pipelining = true },
                "8BITMIME" => found with { EightBitMime = true },
                "STARTTLS" => found with { StartTls = true },
                "SIZE" => found with { HasSize = true, MaxSize = words.Length > 1 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0 },
                "AUTH" => found with
                {
                    AuthPlain = found.AuthPlain || words.Contains("PLAIN", StringComparer.OrdinalIgnoreCase),
                    AuthLogin = found.AuthLogin || words.Contains("LOGIN", StringComparer.OrdinalIgnoreCase),
                },
                _ => found,
            };
        }

        return found;
    }
}
