using Millrace.Contacts.Contracts;

namespace Millrace.Contacts.Sightings.Geography;

/// <summary>
/// The old country database, <c>GeoIP.dat</c> and <c>GeoIPv6.dat</c>, as Debian's geoip-database builds it. A binary tree over the bits of the address: each
/// node is two numbers of three bytes, little-endian, and a number from <see cref="FirstCountry"/> on is a country. At the end stands 0xFFFFFF and the edition.
/// </summary>
internal sealed class CountryFile : PlaceFile
{
    private const int FirstCountry = 16_776_960;
    private const int NodeSize = 6;
    private const int TrailerSize = 20;
    private const int Edition4 = 1;
    private const int Edition6 = 12;

    /// <summary>The order is the format's.</summary>
    private static readonly string[] Codes = (
        "-- AP EU AD AE AF AG AI AL AM CW AO AQ AR AS AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO " +
        "CR CU CV CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR SX GA GB GD GE GF GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU " +
        "ID IE IL IN IO IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD MG MH MK ML MM MN MO MP MQ MR MS MT MU " +
        "MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN " +
        "SO SR ST SV SY SZ TC TD TF TG TH TJ TK TM TN TO TL TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT RS ZA ZM ME ZW A1 A2 O1 AX GG IM " +
        "JE BL MF BQ SS").Split(' ');

    /// <summary>One place per code; none for what is no country (a continent, a satellite, an anonymous proxy).</summary>
    private static readonly Place?[] Places = [.. Codes.Select(code => Countries.NameOf(code) is null ? null : new Place(code))];

    private readonly byte[] _tree;
    private readonly int _nodes;
    private readonly int _addressSize;

    private CountryFile(byte[] tree, int nodes, int addressSize) => (_tree, _nodes, _addressSize) = (tree, nodes, addressSize);

    public override string Holds => _addressSize == 4 ? "countries, IPv4" : "countries, IPv6";

    public override bool HasCities => false;

    /// <returns>Null when it is no such file.</returns>
    /// <exception cref="InvalidDataException">It is one, of an edition that tells no countries, or cut short.</exception>
    public static CountryFile? TryOpen(byte[] bytes)
    {
        if (EditionOf(bytes) is not var (edition, end))
        {
            return null;
        }

        if (edition is not (Edition4 or Edition6))
        {
            throw new InvalidDataException($"it is a GeoIP database of edition {edition}; only the country editions for IPv4 (1) and IPv6 (12) can be read");
        }

        var file = new CountryFile(bytes, end / NodeSize, edition == Edition4 ? 4 : 16);
        return file.IsWhole() ? file : throw new InvalidDataException("it is cut short: its tree leads beyond its end");
    }

    public override Place? Find(ReadOnlySpan<byte> address)
    {
        if (address.Length != _addressSize)
        {
            return null;
        }

        var node = 0;
        for (var bit = 0; bit < address.Length * 8 && node < _nodes; bit++)
        {
            node = Next(node, BitAt(address, bit));
            if (node >= FirstCountry)
            {
                return node - FirstCountry < Places.Length ? Places[node - FirstCountry] : null;
            }
        }

        return null;
    }

    private int Next(int node, bool right)
    {
        var at = (node * NodeSize) + (right ? 3 : 0);
        return _tree[at] | (_tree[at + 1] << 8) | (_tree[at + 2] << 16);
    }

    /// <summary>The edition, and where the tree ends at the latest.</summary>
    private static (int Edition, int End)? EditionOf(byte[] bytes)
    {
        for (var at = bytes.Length - 4; at >= Math.Max(NodeSize, bytes.Length - 3 - TrailerSize); at--)
        {
            if (bytes.AsSpan(at, 3).IndexOfAnyExcept((byte)0xFF) < 0)
            {
                // Old writers began to count at 106.
                return (bytes[at + 3] >= 106 ? bytes[at + 3] - 105 : bytes[at + 3], at);
            }
        }

        return null;
    }

    /// <summary>Every branch that can be reached leads to a node or to a country; a look through all nodes, once.</summary>
    private bool IsWhole()
    {
        var reachable = 0;
        for (var node = 0; node <= reachable; node++)
        {
            if (node >= _nodes)
            {
                return false;
            }

            foreach (var next in (ReadOnlySpan<int>)[Next(node, right: false), Next(node, right: true)])
            {
                if (next < FirstCountry)
                {
                    reachable = Math.Max(reachable, next);
                }
            }
        }

        return true;
    }
}
