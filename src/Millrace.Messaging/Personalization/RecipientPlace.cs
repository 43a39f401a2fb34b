namespace Millrace.Messaging.Personalization;

/// <summary>Where a contact was seen last, by the network address of its opens, clicks and visits. Members are null where that is not known.</summary>
/// <param name="Country">Its name, in English.</param>
internal sealed record RecipientPlace(string? Country, string? Region, string? City, string? PostalCode)
{
    /// <summary>Tags that say something of it begin so; only where one is used, places are loaded.</summary>
    public const string Prefix = "GEO";
}
