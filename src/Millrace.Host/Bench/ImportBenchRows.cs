using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Millrace.Host.Bench;

/// <summary>The people of the benchmark <c>import</c>: the same ones for the same seed, as a CSV file and as parsed rows.</summary>
internal static class ImportBenchRows
{
    public const string Header = "email,first name,last name,city,age,signed up,plan\n";

    /// <summary>Custom fields of the file, by name and type.</summary>
    public static readonly IReadOnlyList<(string Name, string Type)> Fields =
        [("City", "text"), ("Age", "number"), ("Signed up", "date"), ("Plan", "text")];

    public static readonly IReadOnlyList<string> Tags = ["bench one", "bench two"];

    private static readonly string[] First = ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Radia", "Ken", "Margaret", "Dennis", "Zoë", "José"];
    private static readonly string[] Last = ["Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov", "Knuth", "Perlman", "Thompson", "Hamilton", "Ritchie", "O'Hara"];
    private static readonly string[] Cities = ["London", "Berlin", "New York, NY", "Łódź", "São Paulo", "Tokyo", "Nairobi", "Sydney"];
    private static readonly string[] Plans = ["free", "basic", "pro", "enterprise"];

    internal sealed record Person(string Email, string First, string Last, string City, int Age, DateOnly SignedUp, string Plan);

    internal enum RowKind
    {
        Good,
        Duplicate,
        Bad,
    }

    /// <summary>Of a hundred rows five repeat an earlier address and one has none that is valid.</summary>
    public static RowKind KindOf(int row) => row % 100 == 50 ? RowKind.Bad : row % 20 == 19 ? RowKind.Duplicate : RowKind.Good;

    /// <summary>What a good row holds. Scattered like real addresses, so that the index is not fed in order.</summary>
    public static Person Of(int seed, int row)
    {
        var hash = Mix((ulong)(uint)row + ((ulong)(uint)seed << 32));
        var (first, last) = (First[(int)(hash % 12)], Last[(int)(hash / 12 % 11)]);
        var email = string.Create(CultureInfo.InvariantCulture, $"{hash:x16}.{row}@example{hash % 97}.com");
        return new Person(
            email, first, last, Cities[hash / 1_000 % 8], 18 + (int)(hash / 8_000 % 70), new DateOnly(2020, 1, 1).AddDays((int)(hash / 560_000 % 2_000)), Plans[hash / 7 % 4]);
    }

    public static async Task WriteCsvAsync(Stream file, int seed, int rows, CancellationToken cancellationToken)
    {
        var output = PipeWriter.Create(file, new StreamPipeWriterOptions(leaveOpen: true));
        output.Write(Encoding.UTF8.GetBytes(Header));
        for (var row = 0; row < rows; row++)
        {
            var kind = KindOf(row);
            var person = Of(seed, kind == RowKind.Duplicate ? Repeated(row) : row);
            var email = kind == RowKind.Bad ? "not an address" : kind == RowKind.Duplicate ? person.Email.ToUpperInvariant() : person.Email;
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{email},{person.First},{person.Last},\"{person.City}\",{person.Age},{person.SignedUp:yyyy-MM-dd},{person.Plan}\n");
            Encoding.UTF8.GetBytes(line, output);
            if (output.UnflushedBytes > 1 << 18)
            {
                await output.FlushAsync(cancellationToken);
            }
        }

        await output.CompleteAsync();
    }

    /// <summary>One of the nineteen rows before it that is good.</summary>
    private static int Repeated(int row)
    {
        var earlier = row - 19 + (row / 20 % 18);
        return KindOf(earlier) == RowKind.Good ? earlier : earlier + 1;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
