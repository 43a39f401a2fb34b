using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Errors;

namespace Millrace.Contacts.Sightings.Geography;

/// <summary>
/// Where addresses are, by files on this machine; nobody is asked. Files that were named must be good, or the server does not start; those that were only
/// found are left out with a warning. Read once, at the start.
/// </summary>
internal sealed partial class PlaceFinder : IGeography
{
    /// <summary>The best one first; those of Debian's geoip-database last, in the two halves it brings.</summary>
    private static readonly string[][] Usual =
    [
        .. from name in (string[])["GeoIP2-City.mmdb", "GeoLite2-City.mmdb", "dbip-city-lite.mmdb", "GeoIP2-Country.mmdb", "GeoLite2-Country.mmdb", "dbip-country-lite.mmdb"]
           from folder in (string[])["/var/lib/GeoIP", "/usr/share/GeoIP"]
           select (string[])[$"{folder}/{name}"],
        ["/usr/share/GeoIP/GeoIP.dat", "/usr/share/GeoIP/GeoIPv6.dat"],
    ];

    private readonly List<PlaceFile> _files = [];
    private readonly ILogger _log;

    /// <exception cref="StartupException">A file that was named cannot be read.</exception>
    public PlaceFinder(IOptions<GeographyOptions> options, ILogger<PlaceFinder> log)
        : this(options.Value.Database, Usual, log)
    {
    }

    /// <param name="configured">As in <see cref="GeographyOptions.Database"/>.</param>
    /// <param name="usual">Where to look otherwise: of the groups the first of which a file can be read.</param>
    internal PlaceFinder(string? configured, IReadOnlyList<string[]> usual, ILogger log)
    {
        _log = log;
        var names = configured?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (names is ["off"])
        {
            return;
        }

        if (names.Length > 0)
        {
            Array.ForEach(names, Open);
        }
        else
        {
            foreach (var path in usual.SelectMany(group => HasCountries ? [] : group).Where(File.Exists))
            {
                TryOpen(path);
            }
        }
    }

    public bool HasCountries => _files.Count > 0;

    public bool HasCities => _files.Exists(f => f.HasCities);

    public string Description { get; private set; } = "none; Millrace:Geography:Database names one";

    /// <summary>Null where no file knows the address.</summary>
    public Place? Find(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (plain.TryWriteBytes(bytes, out var length))
        {
            foreach (var file in _files)
            {
                if (file.Find(bytes[..length]) is { } place)
                {
                    return place;
                }
            }
        }

        return null;
    }

    private void Open(string path)
    {
        try
        {
            Add(path, PlaceFile.Open(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException or ArgumentException)
        {
            throw new StartupException($"Millrace:Geography:Database: {path} cannot be used: {Reason(e)}.", e);
        }
    }

    private void TryOpen(string path)
    {
        try
        {
            Add(path, PlaceFile.Open(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            LogLeftOut(path, Reason(e));
        }
    }

    private void Add(string path, PlaceFile file)
    {
        var one = $"{path} ({file.Holds})";
        Description = HasCountries ? $"{Description}, {one}" : one;
        _files.Add(file);
    }

    private static string Reason(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "it may not be read by this user, or is a folder",
        _ => e.Message.TrimEnd('.').ReplaceLineEndings(" "),
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} was found but is not used for geography: {Reason}.")]
    private partial void LogLeftOut(string path, string reason);
}
