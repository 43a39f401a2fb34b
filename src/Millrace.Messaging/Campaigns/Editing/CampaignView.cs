using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Json;
using Millrace.Messaging.Campaigns.Audience;
using Npgsql;

namespace Millrace.Messaging.Campaigns.Editing;

/// <summary>A campaign as its summary page shows it.</summary>
/// <param name="HoldReason">Why it is held: <c>late</c>, <c>segment_gone</c>, <c>list_gone</c>, <c>content: ...</c>, <c>limit: ...</c>; of a feed that is sent: <c>feed: ...</c>, why it could not be read last. Null: nothing is wrong.</param>
/// <param name="Revision">Send it as <c>If-Match</c> when saving; 412 <c>version_conflict</c> when somebody was faster.</param>
/// <param name="Zone">IANA name of the zone that the wall time is of.</param>
/// <param name="ScheduledAt">When the first contact may get it; null: it is not scheduled.</param>
/// <param name="ParentId">The campaign that this is an issue of, or a second sending of.</param>
/// <param name="DecideAt">When the winner of a test is chosen; null: it is not known yet, or by hand.</param>
/// <param name="IsEditable">Settings can be changed.</param>
/// <param name="IsContentEditable">The mails can be changed.</param>
internal sealed record CampaignView(
    long Id, string Name, CampaignType Type, CampaignStatus Status, string? HoldReason, int Revision, IReadOnlyList<long> ListIds, long? SegmentId,
    IReadOnlyList<long> ExcludeListIds, long? ExcludeSegmentId, bool TrackOpens, bool TrackClicks, bool TrackReplies, UtmSettings? Utm, bool IsArchived, long? AddressId, bool IsHidden,
    string? ScheduleLocal, ZoneMode ScheduleZone, string Zone, DateTimeOffset? ScheduledAt, bool IsPredictive, SplitSettings? Split, Recurrence? Recurrence,
    long? ParentId, ResendTo? ResendTo, long? AutomationId, string? StepKey, IReadOnlyList<VariantView> Variants, DateTimeOffset? StartedAt, DateTimeOffset? FrozenAt,
    DateTimeOffset? FinishedAt, DateTimeOffset? PausedAt, DateTimeOffset? DecideAt, short? WinnerNo, bool WaitsForWinner, long Chosen, long Recipients,
    IReadOnlyList<LeftOut> LeftOut, bool IsEditable, bool IsContentEditable, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static async Task<CampaignView> OfAsync(NpgsqlTransaction transaction, Campaign k, string accountZone, CancellationToken cancellationToken)
    {
        var variants = await Sql.Of($"""
            select v.no, v.message_id, v.share, m.subject, m.preheader, m.from_name, m.from_address, m.reply_to,
                   m.design is not null or m.html <> '' or m.text <> '', m.design is not null, m.revision, m.updated_at
            from messaging.campaign_variant v join messaging.message m on m.account_id = v.account_id and m.id = v.message_id
            where v.account_id = {k.AccountId} and v.campaign_id = {k.Id} order by v.no
            """).ListAsync<VariantView>(transaction, cancellationToken);
        return new(
            k.Id, k.Name, k.Type, k.Status, k.HoldReason, k.Revision, k.ListIds, k.SegmentId, k.ExcludeListIds, k.ExcludeSegmentId, k.TrackOpens, k.TrackClicks,
            k.TrackReplies, k.Utm is { ValueKind: JsonValueKind.Object } utm ? utm.Deserialize<UtmSettings>(AppJson.Options) : null, k.IsArchived, k.AddressId, k.IsHidden, k.ScheduleLocal,
            k.ScheduleZone, k.Zone ?? accountZone, k.ScheduledAt, k.IsPredictive, k.Split, k.Recurrence, k.ParentId, k.ResendTo, k.AutomationId, k.StepKey, variants,
            k.StartedAt, k.FrozenAt, k.FinishedAt, k.PausedAt, k.DecideAt, k.WinnerNo, k.WaitsForWinner, k.Chosen, k.Recipients,
            [.. k.LeftOut.EnumerateObject().Select(p => new LeftOut(p.Name, p.Value.GetInt64())).OrderByDescending(l => l.Count)],
            CampaignEditing.IsEditable(k), CampaignEditing.IsContentEditable(k), k.CreatedAt, k.UpdatedAt);
    }
}

/// <param name="Share">Part of the test; only the ratio to the others counts.</param>
/// <param name="HasContent">There is something to send.</param>
/// <param name="IsDesigned">It is made with the editor's blocks.</param>
/// <param name="Revision">Of the message.</param>
internal sealed record VariantView(
    short No, long MessageId, int Share, string Subject, string Preheader, string FromName, string FromAddress, string ReplyTo, bool HasContent, bool IsDesigned,
    int Revision, DateTimeOffset UpdatedAt);
