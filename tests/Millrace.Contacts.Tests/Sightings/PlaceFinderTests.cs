using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contacts.Sightings.Geography;
using Millrace.Kernel.Errors;
using Millrace.TestKit;

namespace Millrace.Contacts.Tests.Sightings;

/// <summary>Which files are used: those that are named must be good, those that are found are left out when they are not.</summary>
public sealed class PlaceFinderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("millrace-places-").FullName;

    [Fact]
    public void A_named_file_that_cannot_be_used_stops_the_start_with_one_line()
    {
        foreach (var (path, reason) in new[]
        {
            (Write("text.mmdb", "just a text that is no database"u8.ToArray()), "neither a MaxMind DB"), (Path.Combine(_folder, "absent.mmdb"), "there is no such file"),
            (_folder, "may not be read"), (Write("empty.dat", []), "empty"),
        })
        {
            var message = Should.Throw<StartupException>(() => Finder(path)).Message;
            message.ShouldStartWith($"Millrace:Geography:Database: {path} cannot be used: ");
            message.ShouldContain(reason);
            message.ShouldNotContain("\n");
        }
    }

    [Fact]
    public void Of_what_is_found_a_broken_file_is_left_out_and_the_next_is_taken()
    {
        var broken = Write("broken.mmdb", "nothing"u8.ToArray());
        var good = Write("good.mmdb", new MmdbWriter(type: "X-Country").Add("81.2.69.0/24", new Dictionary<string, object>
        {
            ["country"] = new Dictionary<string, object> { ["iso_code"] = "DE" },
        }).ToBytes());

        var finder = new PlaceFinder(configured: null, [["/absent"], [broken], [good, "/absent"], [broken]], NullLogger.Instance);

        (finder.HasCountries, finder.HasCities).ShouldBe((true, false));
        finder.Description.ShouldBe($"{good} (countries, IPv4 and IPv6)");
        finder.Find(IPAddress.Parse("::ffff:81.2.69.1"))!.Country.ShouldBe("DE");
        new PlaceFinder("off", [[good]], NullLogger.Instance).HasCountries.ShouldBeFalse();
        new PlaceFinder(configured: null, [[broken]], NullLogger.Instance).Find(IPAddress.Loopback).ShouldBeNull();
    }

    /// <summary>Debian's own files, which bin/test installs.</summary>
    [Fact]
    public void Debians_database_is_read()
    {
        Assert.SkipUnless(File.Exists("/usr/share/GeoIP/GeoIP.dat"), "geoip-database is not installed");
        var finder = Finder("/usr/share/GeoIP/GeoIP.dat, /usr/share/GeoIP/GeoIPv6.dat");

        finder.HasCountries.ShouldBeTrue();
        foreach (var (address, country) in new[] { ("8.8.8.8", "US"), ("193.0.6.139", "NL"), ("133.11.0.1", "JP"), ("2001:200::1", "JP"), ("2003::1", "DE") })
        {
            finder.Find(IPAddress.Parse(address))!.Country.ShouldBe(country, address);
        }

        var random = new Random(1);
        var addresses = Enumerable.Range(0, 100_000).Select(_ => new IPAddress(random.NextInt64(1L << 32))).ToArray();
        var started = Stopwatch.GetTimestamp();
        var known = addresses.Count(a => finder.Find(a) is not null);
        var rate = addresses.Length / Stopwatch.GetElapsedTime(started).TotalSeconds;
        TestContext.Current.SendDiagnosticMessage($"{rate:N0} look-ups/s, {known} of {addresses.Length} known");
        known.ShouldBeGreaterThan(50_000);
        rate.ShouldBeGreaterThan(20_000, "thousands of times more than opens come in");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static PlaceFinder Finder(string configured) => new(configured, [], NullLogger.Instance);

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
