using System.Net;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Sightings.Geography;
using Millrace.TestKit;

namespace Millrace.Contacts.Tests.Sightings;

/// <summary>Files of places, good and broken: what they know is told, and no bytes make a look-up throw or never end.</summary>
public sealed class PlaceFileTests
{
    private static readonly Place Berlin = new("DE", "Land Berlin", "Berlin", "10115", 52.52, 13.405, "Europe/Berlin");

    [Theory]
    [InlineData(24, 6)]
    [InlineData(28, 6)]
    [InlineData(32, 6)]
    [InlineData(24, 4)]
    [InlineData(28, 4)]
    public void A_maxmind_file_of_cities_is_read(int recordSize, int ipVersion)
    {
        var writer = new MmdbWriter(recordSize, ipVersion)
            .Add("81.2.69.0/24", MmdbWriter.City("DE", "Land Berlin", "Berlin", "10115", 52.52, 13.405, "Europe/Berlin"))
            .Add("81.2.69.160/27", MmdbWriter.City("GB", "England", "London", "W1", 51.5, -0.12, "Europe/London"));
        if (ipVersion == 6)
        {
            writer.Add("2a02:8100::/24", MmdbWriter.City("DE", "Land Berlin", "Berlin", "10115", 52.52, 13.405, "Europe/Berlin"));
        }

        var file = Open(writer.ToBytes());

        file.HasCities.ShouldBeTrue();
        Find(file, "81.2.69.1").ShouldBe(Berlin);
        Find(file, "81.2.69.161")!.City.ShouldBe("London");
        Find(file, "81.2.70.1").ShouldBeNull();
        Find(file, "2a02:8100::1").ShouldBe(ipVersion == 6 ? Berlin : null);
        Find(file, "2a03::1").ShouldBeNull();
    }

    [Fact]
    public void Of_a_record_only_what_looks_right_is_kept()
    {
        var odd = MmdbWriter.City("de", new string('x', 101), "Ber\0lin", "1\n2", 91, 13, "../etc/passwd");
        odd["registered_country"] = new Dictionary<string, object> { ["iso_code"] = "AT" };
        var file = Open(new MmdbWriter().Add("81.2.69.0/24", odd).Add("81.2.70.0/24", new List<object> { "no", "map" }).Add("81.2.71.0/24", "text").ToBytes());

        Find(file, "81.2.69.1").ShouldBe(new Place("AT"));
        Find(file, "81.2.70.1").ShouldBeNull();
        Find(file, "81.2.71.1").ShouldBeNull();
    }

    [Fact]
    public void Data_that_leads_round_in_circles_ends()
    {
        var writer = new MmdbWriter();
        // A pointer to itself, a list of a million, a map whose value is the map, and a pointer beyond the end.
        var self = writer.AddRaw(0x20, 0x00);
        writer.AddAt("81.0.0.0/8", self);
        writer.AddAt("82.0.0.0/8", writer.AddRaw(0x1F, 0x04, 0xFF, 0xFF, 0xFF));
        var map = writer.AddRaw(0xE1, 0x41, (byte)'a');
        writer.AddRaw((byte)(0x20 | (map >> 8)), (byte)map);
        writer.AddAt("83.0.0.0/8", map);
        writer.AddAt("84.0.0.0/8", writer.AddRaw(0x38, 0xFF, 0xFF, 0xFF, 0xFF));
        writer.AddAt("85.0.0.0/8", 1_000_000);
        var file = Open(writer.ToBytes());

        foreach (var first in Enumerable.Range(81, 5))
        {
            Find(file, $"{first}.1.2.3").ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("Test-ASN", "neither countries nor cities but Test-ASN")]
    [InlineData("", "neither countries nor cities but something else")]
    public void A_maxmind_file_of_other_things_is_refused_with_a_reason(string type, string reason) =>
        Should.Throw<InvalidDataException>(() => Open(new MmdbWriter(type: type).Add("81.0.0.0/8", "x").ToBytes())).Message.ShouldContain(reason);

    [Theory]
    [InlineData(4, true)]
    [InlineData(16, true)]
    [InlineData(4, false)]
    public void An_old_country_file_is_read(int size, bool marked)
    {
        var bytes = CountryTree(size, edition: (byte)(size == 4 ? 1 : 12));
        if (!marked)
        {
            bytes[^1] = 106;
        }

        var file = Open(bytes);

        file.HasCities.ShouldBeFalse();
        Find(file, size == 4 ? "200.1.1.1" : "8000::1").ShouldBe(new Place("DE"));
        Find(file, size == 4 ? "100.1.1.1" : "4000::1").ShouldBe(new Place("SS"));
        Find(file, size == 4 ? "10.1.1.1" : "::1").ShouldBeNull("what is no country (here a satellite) is no place");
        Find(file, size == 4 ? "8000::1" : "200.1.1.1").ShouldBeNull();
    }

    [Fact]
    public void Old_files_of_other_editions_and_cut_ones_are_refused_with_a_reason()
    {
        Should.Throw<InvalidDataException>(() => Open(CountryTree(4, edition: 2))).Message.ShouldContain("edition 2");
        var whole = CountryTree(4, edition: 1);
        Should.Throw<InvalidDataException>(() => Open([.. whole[..6], .. whole[^4..]])).Message.ShouldContain("cut short");
        Should.Throw<InvalidDataException>(() => Open([.. "just some text, longer than anything"u8])).Message.ShouldContain("neither a MaxMind DB");
        Should.Throw<InvalidDataException>(() => Open([])).Message.ShouldContain("empty");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_bytes_make_it_crash_or_hang(int seed)
    {
        var random = new Random(seed);
        byte[][] seeds =
        [
            CountryTree(4, 1), CountryTree(16, 12),
            new MmdbWriter(24).Add("81.2.69.0/24", MmdbWriter.City("DE", "Land Berlin", "Berlin", "10115", 52.52, 13.405, "Europe/Berlin")).ToBytes(),
            new MmdbWriter(32, 4).Add("81.2.69.0/24", MmdbWriter.City("DE", "Land Berlin", "Berlin", "10115", 52.52, 13.405, "Europe/Berlin")).ToBytes(),
        ];
        for (var round = 0; round < 4_000; round++)
        {
            var bytes = (byte[])seeds[round % seeds.Length].Clone();
            for (var change = random.Next(1, 8); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (round % 7 == 0)
            {
                bytes = bytes[..random.Next(1, bytes.Length)];
            }

            try
            {
                var file = Read(bytes);
                foreach (var address in new[] { "81.2.69.1", "200.1.1.1", "0.0.0.0", "255.255.255.255", "8000::1", "2a02::1" })
                {
                    Find(file, address);
                }
            }
            catch (InvalidDataException e)
            {
                e.Message.ShouldNotContain("\n");
            }
        }
    }

    /// <summary>The first quarter of all addresses a satellite, the second South Sudan (the last in the table), the other half Germany.</summary>
    private static byte[] CountryTree(int size, byte edition)
    {
        const int first = 16_776_960;
        byte[] tree = [.. Three(1), .. Three(first + 56), .. Three(first + 245), .. Three(first + 254)];
        return [.. tree, 0, 0, 0, .. size == 4 ? "GEO-106FREE"u8 : "GEO-6"u8, 0xFF, 0xFF, 0xFF, edition];

        static byte[] Three(int n) => [(byte)n, (byte)(n >> 8), (byte)(n >> 16)];
    }

    private static Place? Find(PlaceFile file, string address) => file.Find(IPAddress.Parse(address).GetAddressBytes());

    private static PlaceFile Open(byte[] bytes)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            return PlaceFile.Open(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static PlaceFile Read(byte[] bytes) => (PlaceFile?)MaxMindFile.TryOpen(bytes) ?? CountryFile.TryOpen(bytes) ?? throw new InvalidDataException("neither");
}
