namespace Millrace.Messaging.Templates;

/// <summary>Groups of the gallery, in its order. The first eight are folders of the library; the last two belong to the account.</summary>
internal static class TemplateCategories
{
    public const string Custom = "custom";
    public const string PastCampaigns = "past_campaigns";

    public static List<string> OfLibrary { get; } =
        ["update", "announcement", "action", "sell", "holidays", "newsletters", "announcements", "layouts"];
}
