using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>City, by its English name.</summary>
[SegmentCondition("place.city", Title = "City", Group = "Geography", Description = "City where the contact was when last seen.")]
internal sealed class CityCondition(IGeography geography) : LastSeenTextCondition
{
    protected override Sql Column => Sql.Of($"l.city");

    protected override Sql Lowered => Sql.Of($"l.city_key");

    public override string? Unavailable => PlaceNeeds.Cities(geography);
}
