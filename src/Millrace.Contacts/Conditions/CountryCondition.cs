using Millrace.Contacts.Contracts;
using Millrace.Contacts.Sightings.Geography;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary><c>{"field": "place.country", "op": "is", "value": ["DE", "AT"]}</c>: two letters of ISO 3166-1.</summary>
[SegmentCondition("place.country", Title = "Country", Group = "Geography", Description = "Where the contact was when last seen, by the address in the network.")]
internal sealed class CountryCondition(IGeography geography) : LastSeenChoiceCondition
{
    protected override Sql Column => Sql.Of($"l.country");

    public override IReadOnlyList<ConditionChoice> Choices => Countries.Choices;

    public override string? Unavailable => PlaceNeeds.Countries(geography);
}
