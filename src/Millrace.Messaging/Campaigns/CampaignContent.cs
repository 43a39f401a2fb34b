using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Json;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Design.Parts;
using Millrace.Messaging.Feeds;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Personalization;
using Npgsql;

namespace Millrace.Messaging.Campaigns;

/// <summary>What the variants of a campaign say, as it would be sent: the campaign's tracking, and the first variant's content where only subjects differ.</summary>
internal static class CampaignContent
{
    /// <returns>Feeds: of a feed campaign an example, of its issues what the feed had to say; null otherwise.</returns>
    public static async Task<IReadOnlyList<(CampaignVariant Variant, MessageContent Content, FeedSnapshot? Feeds)>> LoadAsync(
        NpgsqlTransaction transaction, Campaign campaign, IReadOnlyList<CampaignVariant> variants, CancellationToken cancellationToken)
    {
        var rows = (await Sql.Of($"""
            select id, kind, subject, preheader, from_name, from_address, reply_to, design, html, text, feed from messaging.message
            where account_id = {campaign.AccountId} and id = any ({variants.Select(v => v.MessageId).ToArray()})
            """).ListAsync<Row>(transaction, cancellationToken)).ToDictionary(r => r.Id);
        var first = rows[variants[0].MessageId];
        var shared = campaign.Type == CampaignType.Split && campaign.Split?.Kind != SplitKind.Content;
        var loaded = new List<(CampaignVariant, MessageContent, FeedSnapshot?)>();
        foreach (var variant in variants)
        {
            var (envelope, body) = (rows[variant.MessageId], shared ? first : rows[variant.MessageId]);
            loaded.Add((variant, await SharedParts.ResolveAsync(transaction, campaign.AccountId, ContentOf(envelope, body), cancellationToken), FeedsOf(body)));
        }

        return loaded;

        FeedSnapshot? FeedsOf(Row body) => campaign.Type == CampaignType.Rss ? FeedSnapshot.OfIssue(new(campaign.Recurrence?.Url ?? "", 1, FeedSections.Sample))
            : body.Feed is { } feed ? FeedSnapshot.OfIssue(feed.Deserialize<OwnFeed>(AppJson.Options)!) : null;

        MessageContent ContentOf(Row envelope, Row body) => new(
            MessageKind.Marketing, envelope.Subject, envelope.Preheader, envelope.FromName, envelope.FromAddress, envelope.ReplyTo, body.Html, body.Design, body.Text,
            campaign.TrackOpens, campaign.TrackClicks, campaign.TrackReplies);
    }

    /// <summary>What the content compiles to, or all that is wrong with it.</summary>
    public static (FrozenContent? Frozen, IReadOnlyList<FieldError> Problems) TryCompile(MessageContent content, ITagCatalogue tags, FeedSnapshot? feeds)
    {
        try
        {
            return (MessageFreezer.Compile(content, tags, feeds: feeds), []);
        }
        catch (InvalidInputException e)
        {
            return (null, e.Errors);
        }
    }

    /// <summary>Makes the immutable versions and notes them with the variants.</summary>
    /// <param name="taken">What the feeds in the messages show in this sending, by message.</param>
    /// <exception cref="InvalidInputException">What it says cannot be sent.</exception>
    public static async Task<IReadOnlyList<CampaignVariant>> FreezeAsync(
        NpgsqlTransaction transaction, Campaign campaign, MessageFreezer freezer, CancellationToken cancellationToken,
        IReadOnlyDictionary<long, FeedSnapshot>? taken = null)
    {
        var variants = await CampaignVariant.ListAsync(transaction, campaign.AccountId, [campaign.Id], cancellationToken);
        if (campaign.Type != CampaignType.Split)
        {
            variants = variants[..1];
        }

        var tags = await freezer.TagsAsync(transaction, campaign.AccountId, cancellationToken);
        var frozen = new List<CampaignVariant>();
        foreach (var (variant, content, own) in await LoadAsync(transaction, campaign, variants, cancellationToken))
        {
            var feeds = own ?? taken?.GetValueOrDefault(variant.MessageId);
            var (key, _) = await freezer.FreezeAsync(transaction, campaign.AccountId, variant.MessageId, content, tags, cancellationToken, feeds);
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
        long Id, MessageKind Kind, string Subject, string Preheader, string FromName, string FromAddress, string ReplyTo, JsonElement? Design, string Html, string Text,
        JsonElement? Feed);
}
