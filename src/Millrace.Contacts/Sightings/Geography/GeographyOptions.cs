namespace Millrace.Contacts.Sightings.Geography;

/// <summary><c>Millrace:Geography</c>.</summary>
internal sealed class GeographyOptions
{
    public const string Section = "Millrace:Geography";

    /// <summary>Files of places, divided by commas; <c>off</c> for none. Absent: what is found in the usual folders.</summary>
    public string? Database { get; init; }
}
