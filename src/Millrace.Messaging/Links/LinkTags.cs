using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Json;
using Millrace.Messaging.Campaigns;
using Npgsql;

namespace Millrace.Messaging.Links;

/// <summary>Appends the parameters that web statistics read to the links of chosen domains. What a link already says stays.</summary>
internal static class LinkTags
{
    private const int MaxLength = 200;
    private const int MaxDomains = 100;

    public static UtmSettings? Read(JsonElement? stored) =>
        stored is { ValueKind: JsonValueKind.Object } json ? json.Deserialize<UtmSettings>(AppJson.Options) : null;

    public static JsonText Write(UtmSettings? settings) => new(settings is null ? null : JsonSerializer.Serialize(settings, AppJson.Options));

    /// <exception cref="InvalidInputException">Names the member that cannot be kept.</exception>
    public static void Check(UtmSettings? settings, string path)
    {
        if (settings is null)
        {
            return;
        }

        (string Name, string Value)[] texts =
        [
            ("source", settings.Source), ("medium", settings.Medium), ("campaign", settings.Campaign), ("term", settings.Term), ("content", settings.Content),
        ];
        var errors = texts.Where(t => t.Value is null || t.Value.Length > MaxLength || t.Value.Any(char.IsControl))
            .Select(t => new FieldError($"{path}/{t.Name}", "length", $"This takes at most {MaxLength} characters on one line.")).ToList();
        var domains = settings.Domains ?? [];
        if (domains.Count > MaxDomains)
        {
            errors.Add(new FieldError($"{path}/domains", "length", $"At most {MaxDomains} domains."));
        }

        errors.AddRange(domains.Select((d, i) => (Domain: d, No: i)).Where(d => d.Domain is null || d.Domain.Length > 253 || Uri.CheckHostName(d.Domain) != UriHostNameType.Dns)
            .Select(d => new FieldError($"{path}/domains/{d.No}", "domain_invalid", "A domain looks like example.com.")));
        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }
    }

    /// <summary>How the links of a message are tagged: as its campaign says, or the account; null: not at all.</summary>
    public static async Task<UtmSettings?> OfMessageAsync(NpgsqlTransaction transaction, long accountId, long messageId, CancellationToken cancellationToken) =>
        Named(await Sql.Of($"""
            select coalesce(k.utm, t.utm), coalesce(k.name, m.name)
            from messaging.message m
            left join messaging.tracking_settings t on t.account_id = m.account_id
            left join messaging.campaign_variant v on v.account_id = m.account_id and v.message_id = m.id
            left join messaging.campaign k on k.account_id = v.account_id and k.id = v.campaign_id
            where m.account_id = {accountId} and m.id = {messageId}
            """).FirstAsync<Found>(transaction, cancellationToken));

    /// <summary>The same of an automation's step, whose message may not be there yet.</summary>
    /// <param name="name">What it is called unless there is a campaign.</param>
    public static async Task<UtmSettings?> OfStepAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, string stepKey, string name, CancellationToken cancellationToken) =>
        Named(await Sql.Of($"""
            select coalesce(k.utm, t.utm), coalesce(k.name, {name})
            from (select {accountId} as account_id) a
            left join messaging.tracking_settings t on t.account_id = a.account_id
            left join messaging.campaign k on k.account_id = a.account_id and k.automation_id = {automationId} and k.step_key = {stepKey}
            """).FirstAsync<Found>(transaction, cancellationToken));

    /// <summary>The link with the parameters it lacks. Tags in it stay untouched.</summary>
    /// <param name="url">As the author wrote it.</param>
    public static string Tagged(string url, UtmSettings settings)
    {
        if (!LinkTarget.IsWeb(url) || !IsChosen(url, settings.Domains))
        {
            return url;
        }

        (string Name, string Value)[] wanted =
        [
            ("utm_source", settings.Source), ("utm_medium", settings.Medium), ("utm_campaign", settings.Campaign), ("utm_term", settings.Term),
            ("utm_content", settings.Content),
        ];
        var hash = url.IndexOf('#', StringComparison.Ordinal);
        var (body, rest) = hash < 0 ? (url, "") : (url[..hash], url[hash..]);
        foreach (var (name, value) in wanted)
        {
            if (value.Length > 0 && !Has(body, name))
            {
                body += $"{(body.Contains('?', StringComparison.Ordinal) ? body[^1] is '?' or '&' ? "" : "&" : "?")}{name}={Escaped(value)}";
            }
        }

        // A link that would become too long for browsers stays as it is.
        return body.Length + rest.Length > LinkTarget.MaxLength ? url : body + rest;
    }

    private static UtmSettings? Named(Found? found) =>
        Read(found?.Utm) is { } utm ? utm with { Campaign = utm.Campaign.Length > 0 ? utm.Campaign : found!.Name } : null;

    /// <summary>In small letters: <c>%C3%</c> could be taken for one of our tags.</summary>
    private static string Escaped(string value)
    {
        var escaped = Uri.EscapeDataString(value).ToCharArray();
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] == '%')
            {
                (escaped[i + 1], escaped[i + 2]) = (char.ToLowerInvariant(escaped[i + 1]), char.ToLowerInvariant(escaped[i + 2]));
                i += 2;
            }
        }

        return new string(escaped);
    }

    private static bool Has(string url, string name) =>
        url.Contains($"?{name}=", StringComparison.OrdinalIgnoreCase) || url.Contains($"&{name}=", StringComparison.OrdinalIgnoreCase);

    private static bool IsChosen(string url, IReadOnlyList<string>? domains)
    {
        if (domains is not { Count: > 0 })
        {
            return true;
        }

        var begin = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = url.AsSpan(begin).IndexOfAny("/?#");
        var host = (end < 0 ? url[begin..] : url[begin..(begin + end)]).Split('@')[^1].Split(':')[0];
        return domains.Any(d => host.Equals(d, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + d, StringComparison.OrdinalIgnoreCase));
    }

    private sealed record Found(JsonElement? Utm, string Name);
}
