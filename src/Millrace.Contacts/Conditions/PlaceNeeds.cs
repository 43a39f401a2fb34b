using Millrace.Contacts.Contracts;

namespace Millrace.Contacts.Conditions;

/// <summary>What a question about places needs on this server; null when it is there.</summary>
internal static class PlaceNeeds
{
    public static string? Countries(IGeography geography) => geography.HasCountries
        ? null
        : "This server has no geography database, so it does not learn where contacts are. Whoever runs it can name one: Millrace:Geography:Database.";

    public static string? Cities(IGeography geography) => geography.HasCities
        ? null
        : Countries(geography) ?? "The geography database of this server knows countries only. Whoever runs it can name one of cities: Millrace:Geography:Database.";
}
