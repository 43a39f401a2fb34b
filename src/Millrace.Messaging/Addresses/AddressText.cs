using System.Globalization;

namespace Millrace.Messaging.Addresses;

/// <summary>An address as lines, as it stands on a letter and at the foot of mails.</summary>
internal static class AddressText
{
    /// <summary>Countries that write town, state and then the code.</summary>
    private static readonly HashSet<string> TownFirst = new(StringComparer.Ordinal) { "US", "CA", "AU", "GB", "IE", "IN", "NZ", "ZA", "SG" };

    public static string Of(AddressFields a)
    {
        var town = TownFirst.Contains(a.Country)
            ? Joined(", ", a.City, Joined(" ", a.State, a.Zip))
            : Joined(", ", Joined(" ", a.Zip, a.City), a.State);
        return Joined("\n", a.CompanyName, a.Address1, a.Address2, a.District, town, CountryOf(a.Country));
    }

    private static string Joined(string between, params string[] parts) => string.Join(between, parts.Select(p => p.Trim()).Where(p => p.Length > 0));

    private static string CountryOf(string code)
    {
        try
        {
            return code.Length == 2 ? new RegionInfo(code).EnglishName : code;
        }
        catch (ArgumentException)
        {
            return code;
        }
    }
}
