using Millrace.Contacts.Tags;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security.Http;

namespace Millrace.Contacts.BulkImport;

/// <param name="Contact">Index in the request, from 0.</param>
internal sealed record BulkProblem(int Contact, string FailureReason);

/// <summary>
/// What makes the whole request refused before anything is stored: contacts without an address, lists that do not exist, parts of the wrong form. An
/// address or a value that turns out not to be valid refuses that contact alone, when it is imported.
/// </summary>
internal static class BulkImportCheck
{
    public const int MaxContacts = 250;
    private const int MaxTags = 200;
    private const int MaxFields = 200;
    private const int MaxLists = 200;
    private const int MaxPairs = 50;

    /// <summary>Headers that are the connection's or our own.</summary>
    private static readonly HashSet<string> OurHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Content-Length", "Content-Type", "Transfer-Encoding", "Expect", "Upgrade", "TE", "Trailer", "Proxy-Authorization",
        "webhook-id", "webhook-timestamp", "webhook-signature",
    };

    public static async Task<List<BulkProblem>> ContactsAsync(
        AccountTransaction work, long accountId, IReadOnlyList<BulkContact?> contacts, CancellationToken cancellationToken)
    {
        var wanted = contacts.SelectMany(c => (c?.Subscribe ?? []).Concat(c?.Unsubscribe ?? [])).Select(l => l?.Listid.Value ?? 0).Distinct().ToArray();
        var lists = (await Sql.Of($"select id from contacts.list where account_id = {accountId} and id = any({wanted})").ListAsync<long>(work, cancellationToken)).ToHashSet();
        return [.. contacts.SelectMany((c, i) => Problems(c, lists).Select(p => new BulkProblem(i, p)))];
    }

    /// <returns>What is wrong with it; null when it may be called.</returns>
    public static string? Callback(BulkCallback callback, SafeHttp http)
    {
        if (string.IsNullOrWhiteSpace(callback.Url))
        {
            return "callback.url is missing.";
        }

        if (http.Reason(callback.Url) is { } reason)
        {
            return $"callback.url: {reason}";
        }

        if (callback.RequestType is not null && !callback.IsGet && !callback.RequestType.Equals("POST", StringComparison.OrdinalIgnoreCase))
        {
            return "callback.requestType is GET or POST.";
        }

        if ((callback.Params ?? []).Concat(callback.Headers ?? []).Any(p => string.IsNullOrEmpty(p?.Key)))
        {
            return "callback.params and callback.headers are lists of objects with \"key\" and \"value\".";
        }

        if (callback.Params?.Count > MaxPairs || callback.Headers?.Count > MaxPairs)
        {
            return $"callback.params and callback.headers have at most {MaxPairs} members.";
        }

        return (callback.Headers ?? []).FirstOrDefault(h => !IsHeader(h!)) is { } bad ? $"callback.headers: \"{bad.Key}\" cannot be sent." : null;
    }

    private static bool IsHeader(BulkPair header) =>
        header.Key!.Length <= 100 && header.Key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && !OurHeaders.Contains(header.Key)
        && (header.Value ?? string.Empty).Length <= 2_000 && (header.Value ?? string.Empty).All(c => c is >= ' ' and <= '~');

    private static IEnumerable<string> Problems(BulkContact? contact, HashSet<long> lists)
    {
        if (string.IsNullOrWhiteSpace(contact?.Email))
        {
            yield return "email is missing.";
            yield break;
        }

        if (contact.Tags?.Any(t => string.IsNullOrWhiteSpace(t) || t.Trim().Length > Tagging.MaxNameLength) == true)
        {
            yield return $"tags: a tag has 1 to {Tagging.MaxNameLength} characters.";
        }

        if (contact.Fields?.Any(f => f is null || f.Id.Value == 0) == true)
        {
            yield return "fields: every field has an id.";
        }

        foreach (var (name, given) in new[] { ("subscribe", contact.Subscribe), ("unsubscribe", contact.Unsubscribe) })
        {
            if (given?.FirstOrDefault(l => l is null || !lists.Contains(l.Listid)) is var unknown && given?.Any(l => l is null || !lists.Contains(l.Listid)) == true)
            {
                yield return $"{name}: there is no list {unknown?.Listid.Value ?? 0}.";
            }
        }

        if (contact.Tags?.Count > MaxTags || contact.Fields?.Count > MaxFields || contact.Subscribe?.Count > MaxLists || contact.Unsubscribe?.Count > MaxLists)
        {
            yield return "At most 200 tags, 200 fields and 200 lists.";
        }
    }
}
