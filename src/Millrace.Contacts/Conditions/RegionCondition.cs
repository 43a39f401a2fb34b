using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>State, province or land, by its English name.</summary>
[SegmentCondition("place.region", Title = "Region", Group = "Geography", Description = "State, province or land where the contact was when last seen.")]
internal sealed class RegionCondition(IGeography geography) : LastSeenTextCondition
{
    protected override Sql Column => Sql.Of($"l.region");

    protected override Sql Lowered => Sql.Of($"l.region_key");

    public override string? Unavailable => PlaceNeeds.Cities(geography);
}
