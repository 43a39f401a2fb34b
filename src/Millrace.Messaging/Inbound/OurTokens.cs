using System.Globalization;
using Millrace.Mail.Mime;
using Millrace.Messaging.Links;

namespace Millrace.Messaging.Inbound;

/// <summary>Finds which of our mails some headers are of, by what only we can have put there.</summary>
internal static class OurTokens
{
    private const int MaxHeaders = 300;
    private const int MaxTries = 50;

    /// <summary>By a return path or an unsubscribe link with a token of ours. Null: none, or of another account.</summary>
    public static long? SendOf(IReadOnlyList<MailHeader> headers, long accountId, TokenKeys keys)
    {
        var tries = 0;
        foreach (var header in headers.Take(MaxHeaders))
        {
            foreach (var word in header.Value.Split([' ', '\t', '<', '>', ',', ';', '"', '(', ')'], 60, StringSplitOptions.RemoveEmptyEntries))
            {
                if (tries < MaxTries && Read(word, keys, ref tries) is { } token && token.AccountId == accountId)
                {
                    return token.SendId;
                }
            }
        }

        return null;
    }

    /// <summary>
    /// By the Message-ID, which anybody who has seen the mail can write: only for reports that came to an address which nobody but the provider knows.
    /// </summary>
    public static long? SendOfMessageId(IReadOnlyList<MailHeader> headers, long accountId)
    {
        foreach (var header in headers.Where(h => h.Name.Equals("Message-ID", StringComparison.OrdinalIgnoreCase)))
        {
            var parts = header.Value.Trim().Trim('<', '>').Split('@')[0].Split('.');
            if (parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var send)
                && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var account) && account == accountId)
            {
                return send;
            }
        }

        return null;
    }

    private static PublicToken? Read(string word, TokenKeys keys, ref int tries)
    {
        if (word.Contains('@', StringComparison.Ordinal))
        {
            var address = word.StartsWith("rfc822;", StringComparison.OrdinalIgnoreCase) ? word["rfc822;".Length..] : word;
            return TokenAddress.TryRead(address, keys, out var token) && token.SendId > 0 ? token : null;
        }

        var at = word.IndexOf("/u/", StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        tries++;
        var text = word[(at + 3)..].Split('?', '/')[0];
        return PublicToken.TryRead(text, TokenPurpose.Unsubscribe, keys, out var link) ? link : null;
    }
}
