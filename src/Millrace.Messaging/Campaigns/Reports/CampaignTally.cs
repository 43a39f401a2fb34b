using System.Globalization;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Reports;

namespace Millrace.Messaging.Campaigns.Reports;

/// <summary>One of a campaign's contents, as reports name it.</summary>
internal sealed record ReportedVariant(short No, long MessageId, int Share, string Subject, string FromName);

/// <summary>The kept sums of a campaign's messages. Reading them costs some dozens of rows, whatever was sent.</summary>
internal sealed class CampaignTally
{
    /// <summary>With so many campaigns before it one is compared.</summary>
    private const int Earlier = 10;

    private readonly ILookup<(long MessageId, string What), (string Part, long Total)> _rows;
    private readonly int _ways;

    private CampaignTally(IReadOnlyList<ReportedVariant> variants, IEnumerable<Row> rows, ReportCounting counting)
    {
        (Variants, _ways) = (variants, WaysOf(counting));
        _rows = rows.ToLookup(r => (r.MessageId, r.What), r => (r.Part, r.Total));
    }

    public IReadOnlyList<ReportedVariant> Variants { get; }

    private IEnumerable<long> All => Variants.Select(v => v.MessageId);

    /// <exception cref="NotFoundException">There is no such campaign.</exception>
    public static async Task<CampaignTally> ReadAsync(
        AccountTransaction work, long accountId, long campaignId, ReportCounting counting, string[] whats, CancellationToken cancellationToken)
    {
        return await ReadAsync(work, accountId, await VariantsAsync(work, accountId, campaignId, cancellationToken), counting, whats, cancellationToken);
    }

    /// <summary>The campaigns before this one, as one.</summary>
    /// <returns>With how many they are, ten at most; null: it was not sent to an audience, or is the first.</returns>
    public static async Task<(CampaignTally Tally, int Count)?> BeforeAsync(
        AccountTransaction work, long accountId, long campaignId, ReportCounting counting, string[] whats, CancellationToken cancellationToken)
    {
        var earlier = await Sql.Of($"""
            select k.id from messaging.campaign own
            join messaging.campaign k on k.account_id = own.account_id and k.started_at < own.started_at and k.id <> own.id and k.type in ('standard', 'split') and not k.is_hidden
            where own.account_id = {accountId} and own.id = {campaignId} and own.type in ('standard', 'split')
            order by k.started_at desc, k.id desc limit {Earlier}
            """).ListAsync<long>(work, cancellationToken);
        if (earlier.Count == 0)
        {
            return null;
        }

        var messages = await Sql.Of($"""
            select v.no, v.message_id, v.share, '', '' from messaging.campaign_variant v where v.account_id = {accountId} and v.campaign_id = any ({earlier.ToArray()})
            """).ListAsync<ReportedVariant>(work, cancellationToken);
        return (await ReadAsync(work, accountId, messages, counting, whats, cancellationToken), earlier.Count);
    }

    private static async Task<CampaignTally> ReadAsync(
        AccountTransaction work, long accountId, List<ReportedVariant> variants, ReportCounting counting, string[] whats, CancellationToken cancellationToken)
    {
        var rows = await Sql.Of($"""
            select message_id, what, part, sum(total)::bigint from messaging.message_tally
            where account_id = {accountId} and message_id = any ({variants.Select(v => v.MessageId).ToArray()}) and what = any ({whats})
            group by 1, 2, 3
            """).ListAsync<Row>(work, cancellationToken);
        return new(variants, rows, counting);
    }

    public static async Task<List<ReportedVariant>> VariantsAsync(AccountTransaction work, long accountId, long campaignId, CancellationToken cancellationToken)
    {
        var variants = await Sql.Of($"""
            select v.no, v.message_id, v.share, m.subject, m.from_name
            from messaging.campaign_variant v join messaging.message m on m.account_id = v.account_id and m.id = v.message_id
            where v.account_id = {accountId} and v.campaign_id = {campaignId} order by v.no
            """).ListAsync<ReportedVariant>(work, cancellationToken);
        var exists = variants.Count > 0 || await Sql.Of($"select 1 from messaging.campaign where account_id = {accountId} and id = {campaignId}").FirstAsync<int?>(work, cancellationToken) is not null;
        return exists ? variants : throw new NotFoundException("There is no such campaign.");
    }

    /// <summary>The bits of <see cref="Ways"/> that a question counts.</summary>
    public static int WaysOf(ReportCounting counting) =>
        Ways.Person | (counting.Privacy ? Ways.Privacy : 0) | counting.Machines switch
        {
            CountedMachines.AsRecorded => Ways.Suspect,
            CountedMachines.None => 0,
            _ => Ways.Suspect | Ways.Machine,
        };

    /// <summary>Mails, of one variant or of all.</summary>
    public long Sum(string what, long? messageId = null) => Parts(what, messageId).Sum(p => p.Total);

    /// <summary>Mails, or times, that count by who did it.</summary>
    public long Counted(string what, long? messageId = null) => Parts(what, messageId).Where(p => Counts(p.Part)).Sum(p => p.Total);

    /// <summary>Handed to delivery: taken or refused for good.</summary>
    public long Sends(long? messageId = null) => Sum("sent", messageId) + Refused(messageId);

    /// <summary>A bounce can come after the mail was taken, so delivered never falls below none.</summary>
    public long Delivered(long? messageId = null) => Math.Max(0, Sends(messageId) - Sum("bounced", messageId));

    public IEnumerable<(string Part, long Total)> Parts(string what, long? messageId = null) =>
        (messageId is { } one ? [one] : All).SelectMany(id => _rows[(id, what)]);

    /// <summary>Parts that end with a way (<c>2026-11-25T09/1</c>), without it, of the ways that count.</summary>
    public IEnumerable<(string Part, long Total)> PartsCounted(string what, long? messageId = null) =>
        from p in Parts(what, messageId)
        let at = p.Part.LastIndexOf('/')
        where at > 0 && Counts(p.Part[(at + 1)..])
        group p.Total by p.Part[..at] into g
        select (g.Key, g.Sum());

    // Refused at hand-over: never "sent". Those that came back later are counted in both.
    private long Refused(long? messageId) => Sum("refused", messageId);

    private bool Counts(string ways) => (int.Parse(ways, CultureInfo.InvariantCulture) & _ways) != 0;

    private sealed record Row(long MessageId, string What, string Part, long Total);
}
