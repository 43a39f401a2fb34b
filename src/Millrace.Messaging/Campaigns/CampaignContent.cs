using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Messaging.Campaigns.Running;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Personalization;
using Npgsql;

namespace Millrace.Messaging.Campaigns;

/// <summary>What the variants of a campaign say, as it would be sent: the campaign's tracking, and the first variant's content where only subjects differ.</summary>
internal static class CampaignContent
{
    /// <param name="raw">The tags of a feed stay as they are; otherwise an example stands in their place.</param>
    public static async Task<IReadOnlyList<(CampaignVariant Variant, MessageContent Content)>> LoadAsync(
        NpgsqlTransaction transaction, Campaign campaign, IReadOnlyList<CampaignVariant> variants, CancellationToken cancellationToken, bool raw = false)
    {
        var rows = (await Sql.Of($"""
            select id, kind, subject, preheader, from_name, from_address, reply_to, design, html, text from messaging.message
            where account_id = {campaign.AccountId} and id = any ({variants.Select(v => v.MessageId).ToArray()})
            """).ListAsync<Row>(transaction, cancellationToken)).ToDictionary(r => r.Id);
        var first = rows[variants[0].MessageId];
        var shared = campaign.Type == CampaignType.Split && campaign.Split?.Kind != SplitKind.Content;
        return [.. variants.Select(v => (v, Shown(ContentOf(rows[v.MessageId], shared ? first : rows[v.MessageId]))))];

        MessageContent Shown(MessageContent content) => campaign.Type != CampaignType.Rss || raw ? content : FeedText.Expand(content, FeedText.Sample, FeedText.Sample.Items, 1);

        MessageContent ContentOf(Row envelope, Row body) => new(
            MessageKind.Marketing, envelope.Subject, envelope.Preheader, envelope.FromName, envelope.FromAddress, envelope.ReplyTo, body.Html, body.Design, body.Text,
            campaign.TrackOpens, campaign.TrackClicks);
    }

    /// <summary>What the content compiles to, or all that is wrong with it.</summary>
    public static (FrozenContent? Frozen, IReadOnlyList<FieldError> Problems) TryCompile(MessageContent content, ITagCatalogue tags)
    {
        try
        {
            return (MessageFreezer.Compile(content, tags), []);
        }
        catch (InvalidInputException e)
        {
            return (null, e.Errors);
        }
    }

    /// <summary>Makes the immutable versions and notes them with the variants.</summary>
    /// <exception cref="InvalidInputException">What it says cannot be sent.</exception>
    public static async Task<IReadOnlyList<CampaignVariant>> FreezeAsync(
        NpgsqlTransaction transaction, Campaign campaign, MessageFreezer freezer, CancellationToken cancellationToken)
    {
        var variants = await CampaignVariant.ListAsync(transaction, campaign.AccountId, [campaign.Id], cancellationToken);
        if (campaign.Type != CampaignType.Split)
        {
            variants = variants[..1];
        }

        var tags = await AccountTags.LoadAsync(transaction, campaign.AccountId, cancellationToken);
        var frozen = new List<CampaignVariant>();
        foreach (var (variant, content) in await LoadAsync(transaction, campaign, variants, cancellationToken))
        {
            var (key, _) = await freezer.FreezeAsync(transaction, campaign.AccountId, variant.MessageId, content, tags, cancellationToken);
            frozen.Add(variant with { VersionId = key.VersionId });
        }

        await Sql.Of($"""
            update messaging.campaign_variant v set message_version_id = f.version_id
            from unnest({frozen.Select(v => v.No).ToArray()}, {frozen.Select(v => v.VersionId!.Value).ToArray()}) as f (no, version_id)
            where v.account_id = {campaign.AccountId} and v.campaign_id = {campaign.Id} and v.no = f.no and v.message_version_id is distinct from f.version_id
            """).ExecuteAsync(transaction, cancellationToken);
        return frozen;
    }

    private sealed record Row(
        long Id, MessageKind Kind, string Subject, string Preheader, string FromName, string FromAddress, string ReplyTo, JsonElement? Design, string Html, string Text);
}
