using Millrace.Contacts.Sightings.Geography;

namespace Millrace.Contacts.Contracts;

/// <summary>English names of countries.</summary>
public static class CountryNames
{
    /// <param name="code">ISO 3166-1 alpha-2.</param>
    /// <returns>Null where there is no such country.</returns>
    public static string? Of(string code) => Countries.NameOf(code);
}
