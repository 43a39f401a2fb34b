using System.Globalization;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Segments.Now;

/// <summary>
/// What the clock says, in the account's zone or in each contact's own. For the account it is known when the question is asked; for contacts it is
/// computed once per zone, so that the database compares names only and no odd zone name can stop a query.
/// </summary>
internal abstract class NowCondition : SegmentCondition
{
    private static readonly ConditionOption[] ZoneOption =
        [new("zone", "Time zone", [new("account", "The account's"), new("contact", "The contact's")])];

    private static readonly TimeZoneInfo[] Zones = [.. TimeZoneInfo.GetSystemTimeZones()];

    public override IReadOnlyList<ConditionOption> Options => ZoneOption;

    public override string Tail(ConditionLeaf leaf) => leaf.Options.GetValueOrDefault("zone") is "contact" ? " in the contact's time zone" : string.Empty;

    public override Sql Compile(ConditionLeaf leaf, SegmentContext context)
    {
        var here = Holds(leaf, context, context.LocalNow);
        if (!leaf.Options.TryGetValue("zone", out var zone) || zone is not "contact")
        {
            return here ? ConditionSql.True : ConditionSql.False;
        }

        // Where the contact's zone is not known, the account's counts: so only the zones that answer otherwise are named.
        string[] otherwise = [.. Zones.Where(z => Holds(leaf, context, TimeZoneInfo.ConvertTime(context.Now, z).DateTime) != here).Select(z => z.Id)];
        var isOther = Sql.Of($"c.time_zone is not null and c.time_zone = any ({otherwise})");
        return here ? Sql.Of($"not ({isOther})") : Sql.Of($"({isOther})");
    }

    public override Sql Found(ConditionLeaf leaf, SegmentContext context) =>
        Sql.Of($"{context.LocalNow.ToString("ddd yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}");

    public override IEnumerable<string> ActivityKinds(ConditionLeaf leaf) => [];

    public override bool IsTimeDependent(ConditionLeaf leaf) => true;

    protected abstract bool Holds(ConditionLeaf leaf, SegmentContext context, DateTime local);

    /// <summary>Compares with one value, or two for <c>between</c>, both included.</summary>
    protected static bool Compare<T>(ConditionOp op, T now, IReadOnlyList<T> values)
        where T : IComparable<T> => op switch
        {
            ConditionOp.Is => now.CompareTo(values[0]) == 0,
            ConditionOp.Gt => now.CompareTo(values[0]) > 0,
            ConditionOp.Gte => now.CompareTo(values[0]) >= 0,
            ConditionOp.Lt => now.CompareTo(values[0]) < 0,
            ConditionOp.Lte => now.CompareTo(values[0]) <= 0,
            ConditionOp.Between => now.CompareTo(values[0]) >= 0 && now.CompareTo(values[1]) <= 0,
            _ => throw ConditionSql.Unfit(op),
        };
}
