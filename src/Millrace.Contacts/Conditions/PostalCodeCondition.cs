using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>Postal code of the area, where the database knows it.</summary>
[SegmentCondition("place.postal_code", Title = "Postal code (by place)", Group = "Geography", Description = "Postal code of the area where the contact was when last seen.")]
internal sealed class PostalCodeCondition(IGeography geography) : LastSeenTextCondition
{
    protected override Sql Column => Sql.Of($"l.postal_code");

    protected override Sql Lowered => Sql.Of($"lower(l.postal_code)");

    public override string? Unavailable => PlaceNeeds.Cities(geography);
}
