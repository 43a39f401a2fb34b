using System.Globalization;
using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Sending;

namespace Millrace.Messaging.Templates;

/// <summary>Where a template stands: <c>library/{key}</c>, <c>own/{id}</c> or <c>campaign/{id}</c>.</summary>
internal sealed record TemplateAddress(TemplateOrigin Kind, string Id)
{
    public long Number => long.TryParse(Id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public static TemplateAddress? Parse(string? text) => text?.Split('/') switch
    {
        ["library", { Length: > 0 } key] => new(TemplateOrigin.Library, key),
        ["own", { Length: > 0 } id] => new(TemplateOrigin.Own, id),
        ["campaign", { Length: > 0 } id] => new(TemplateOrigin.Campaign, id),
        _ => null,
    };

    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}/{Id}";
}

internal enum TemplateOrigin
{
    Library,
    Own,
    Campaign,
}

/// <summary>What a template consists of, wherever it comes from.</summary>
/// <param name="Version">Moves whenever it would look different.</param>
internal sealed record TemplateContents(
    string Name, string Description, string Subject, string Preheader, string? Design, string Html, string Text, string Version)
{
    public MessageContent ToMessage() => new(
        MessageKind.Marketing, Subject, Preheader, "", "", "", Html, Design is null ? null : JsonElement.Parse(Design), Text, TrackOpens: false, TrackClicks: false);

    /// <summary>Null: there is no such template.</summary>
    /// <param name="sender">Of the account.</param>
    public static Task<TemplateContents?> FindAsync(
        AccountTransaction work, AccountSender sender, TemplateAddress address, CancellationToken cancellationToken) => address.Kind switch
        {
            TemplateOrigin.Library => Task.FromResult(TemplateLibrary.Find(address.Id) is { } template ? Of(template, sender.Name) : null),
            TemplateOrigin.Own => Sql.Of($"""
            select name, description, subject, preheader, design::text, html, text, revision::text from messaging.template
            where account_id = {sender.AccountId} and id = {address.Number}
            """).FirstAsync<TemplateContents>(work, cancellationToken),
            _ => Sql.Of($"""
            select c.name, '', m.subject, m.preheader, m.design::text, m.html, m.text, m.revision::text {Campaigns(sender.AccountId)} and c.id = {address.Number}
            """).FirstAsync<TemplateContents>(work, cancellationToken),
        };

    public static TemplateContents Of(LibraryTemplate template, string company) => new(
        template.File.Name, template.File.Description, TemplateFill.Line(template.File.Subject, company), TemplateFill.Line(template.File.Preheader, company),
        TemplateFill.Design(template.DesignJson, company), "", "", template.Hash);

    /// <summary>Campaigns that have been sent, each with the mail that most people got. Issues of feeds are none: the feed campaign itself is.</summary>
    public static Sql Campaigns(long accountId) => Sql.Of($"""
        from messaging.campaign c
        join messaging.campaign_variant v on v.account_id = c.account_id and v.campaign_id = c.id and v.no = coalesce(c.winner_no, 1)
        join messaging.message m on m.account_id = v.account_id and m.id = v.message_id
        where c.account_id = {accountId} and c.type <> 'automated' and not c.is_hidden and c.started_at is not null and (m.design is not null or m.html <> '')
            and m.feed is null
        """);
}
