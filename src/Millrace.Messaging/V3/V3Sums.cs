using System.Globalization;
using System.Text.Json;
using Millrace.Api.Dialect;
using Millrace.Kernel.Data;
using Millrace.Messaging.Reports;

namespace Millrace.Messaging.V3;

/// <summary>
/// The kept sums of one or more messages as v3 writes them. Opens count the reader's and those for privacy, as the original does; verified ones the reader's
/// alone; machines as they counted when it happened.
/// </summary>
internal sealed class V3Sums(JsonElement? sums)
{
    private readonly List<(string What, string Part, long Total)> _rows = sums is not { ValueKind: JsonValueKind.Object } all ? [] :
        [.. all.EnumerateObject().Select(p => (p.Name.Split(':', 2), p.Value.GetInt64())).Select(p => (p.Item1[0], p.Item1[1], p.Item2))];

    /// <summary>Sums of messages as one JSON object: <c>{"opened:1": 12}</c>.</summary>
    /// <param name="messages">A select of <c>message_id</c>.</param>
    public static Sql Of(Sql account, Sql messages) => Sql.Of($"""
        (select jsonb_object_agg(key, total) from (
            select y.what || ':' || y.part as key, sum(y.total)::bigint as total
            from ({messages}) of_messages (message_id)
            join messaging.message_tally y on y.account_id = {account} and y.message_id = of_messages.message_id
              and y.what in ('sent', 'refused', 'bounced', 'opened', 'opens', 'clicked', 'clicks', 'link', 'unsubscribed', 'forwarded', 'forwards', 'shares', 'replied', 'replies')
            group by 1) n)
        """);

    public V3Id Sends => Sum("sent") + Sum("refused");

    public V3Id Opens => Counted("opens", Ways.Read);

    public V3Id UniqueOpens => Counted("opened", Ways.Read);

    public V3Id VerifiedOpens => Counted("opens", Ways.Counted);

    public V3Id VerifiedUniqueOpens => Counted("opened", Ways.Counted);

    public V3Id Clicks => Counted("clicks", Ways.Counted);

    /// <summary>One for each reader and link.</summary>
    public V3Id UniqueLinkClicks => _rows.Where(r => r.What == "link" && Has(r.Part[(r.Part.LastIndexOf('/') + 1)..], Ways.Counted)).Sum(r => r.Total);

    public V3Id Clickers => Counted("clicked", Ways.Counted);

    public V3Id Forwards => Sum("forwards");

    public V3Id UniqueForwards => Sum("forwarded");

    public V3Id HardBounces => _rows.Where(r => r.What == "bounced" && r.Part.StartsWith("hard/", StringComparison.Ordinal)).Sum(r => r.Total);

    public V3Id SoftBounces => Sum("bounced") - HardBounces;

    public V3Id Unsubscribes => Sum("unsubscribed");

    public V3Id Shares => Sum("shares");

    public V3Id Replies => Sum("replies");

    public V3Id UniqueReplies => Sum("replied");

    private long Sum(string what) => _rows.Where(r => r.What == what).Sum(r => r.Total);

    private long Counted(string what, int ways) => _rows.Where(r => r.What == what && Has(r.Part, ways)).Sum(r => r.Total);

    private static bool Has(string part, int ways) => (int.Parse(part, CultureInfo.InvariantCulture) & ways) != 0;
}
