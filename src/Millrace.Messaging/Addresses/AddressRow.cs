using Millrace.Kernel.Data;

namespace Millrace.Messaging.Addresses;

/// <summary>A postal address as it is stored.</summary>
internal sealed record AddressRow(
    long Id, string CompanyName, string Address1, string Address2, string City, string State, string District, string Zip, string Country, bool IsDefault,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long? CreatedBy, long? UpdatedBy)
{
    public static readonly Sql Columns = Sql.Of($"""
        a.id, a.company_name, a.address_1, a.address_2, a.city, a.state, a.district, a.zip, a.country, a.is_default, a.created_at, a.updated_at, a.created_by, a.updated_by
        """);

    public AddressFields Fields => new(CompanyName, Address1, Address2, City, State, District, Zip, Country);
}

/// <summary>What people write of an address.</summary>
/// <param name="Country">Two letters.</param>
internal sealed record AddressFields(
    string CompanyName, string Address1, string Address2 = "", string City = "", string State = "", string District = "", string Zip = "", string Country = "");
