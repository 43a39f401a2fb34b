using System.Text;
using Millrace.Contacts.Import;

namespace Millrace.Contacts.Tests.Import;

public sealed class CsvReaderTests
{
    [Theory]
    [InlineData("a,b\nc,d\n", "a|b;c|d")]
    [InlineData("a,b\r\nc,d", "a|b;c|d")]
    [InlineData("a,b\rc,d\r", "a|b;c|d")]
    [InlineData("\n\r\na,b\n\n\nc,d\n\n", "a|b;c|d")]
    [InlineData("\"a,1\",\"b \"\"x\"\"\"\n", "a,1|b \"x\"")]
    [InlineData("\"line\r\nbreak\",b\n", "line\r\nbreak|b")]
    [InlineData("\"a\"b,c\n", "ab|c")]
    [InlineData("a\"b,c\n", "a\"b|c")]
    [InlineData("\"\",\"\"\n", "|")]
    [InlineData(",\n", "|")]
    [InlineData("a,\"b\"", "a|b")]
    [InlineData("a,", "a|")]
    [InlineData("", "")]
    public async Task Records_are_read_as_people_write_them(string text, string expected) => (await ReadAsync(text)).ShouldBe(expected);

    [Theory]
    [InlineData("a,b\r\n\"c\r\n,\"\"x\"\"\",d\r\ne,\"f\"\"\"\r\n\r\ng,h")]
    [InlineData("\"unclosed, x\nb,c\nd,e\n")]
    [InlineData("a,b\r\rc,d\r\ne\r")]
    public async Task Nothing_changes_when_the_bytes_arrive_one_by_one(string text) => (await ReadAsync(text, piece: 1)).ShouldBe(await ReadAsync(text));

    [Fact]
    public async Task An_unclosed_quote_costs_one_line_only() =>
        (await ReadAsync("a,\"b\nc,d\ne,f\n")).ShouldBe("!UnclosedQuote:a,\"b;c|d;e|f");

    [Fact]
    public async Task Line_numbers_count_line_ends_inside_quotes()
    {
        await using var csv = Reader("h\r\n\"1\r\n2\r3\n4\"\r\n\r\nlast\n", 7);
        var lines = new List<long>();
        while (await csv.MoveAsync(CancellationToken.None))
        {
            lines.Add(csv.Line);
        }

        lines.ShouldBe([1, 2, 7]);
    }

    [Fact]
    public async Task Ten_thousand_columns_are_read()
    {
        await using var csv = Reader(string.Join(',', Enumerable.Range(0, 10_000)), 4096);
        (await csv.MoveAsync(CancellationToken.None)).ShouldBeTrue();
        csv.FieldCount.ShouldBe(10_000);
        Encoding.UTF8.GetString(csv.Field(9_999)).ShouldBe("9999");
    }

    [Fact]
    public async Task A_row_without_end_is_skipped_and_bounded()
    {
        await using var csv = Reader("a\n" + new string('x', 3 * CsvReader.MaxRecordBytes) + "\nb\n", 1 << 16);
        (await csv.MoveAsync(CancellationToken.None)).ShouldBeTrue();
        (await csv.MoveAsync(CancellationToken.None)).ShouldBeTrue();
        csv.Problem.ShouldBe(CsvProblem.TooLong);
        csv.Line.ShouldBe(2);
        (await csv.MoveAsync(CancellationToken.None)).ShouldBeTrue();
        (csv.Line, Encoding.UTF8.GetString(csv.Field(0))).ShouldBe((3, "b"));
        (await csv.MoveAsync(CancellationToken.None)).ShouldBeFalse();
        csv.Consumed.ShouldBe(2 + (3 * CsvReader.MaxRecordBytes) + 1 + 2);
    }

    [Fact]
    public async Task Random_tables_come_back_as_they_were_written()
    {
        var random = new Random(20261121);
        for (var round = 0; round < 500; round++)
        {
            const string letters = "ab\",\r\n '=";
            string[][] table = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Enumerable.Range(0, 3)
                .Select(_ => new string([.. Enumerable.Range(0, random.Next(0, 6)).Select(_ => letters[random.Next(letters.Length)])])).ToArray())];
            var text = string.Concat(table.Select(r => string.Join(',', r.Select(c => $"\"{c.Replace("\"", "\"\"")}\"")) + "\r\n"));

            (await ReadAsync(text, random.Next(1, 9))).ShouldBe(string.Join(';', table.Select(r => string.Join('|', r))));
        }
    }

    private static CsvReader Reader(string text, int piece) => new(new SlowStream(Encoding.UTF8.GetBytes(text), piece), (byte)',');

    private static async Task<string> ReadAsync(string text, int piece = 1 << 20)
    {
        await using var csv = Reader(text, piece);
        var records = new List<string>();
        while (await csv.MoveAsync(CancellationToken.None))
        {
            records.Add(csv.Problem == CsvProblem.None
                ? string.Join('|', Enumerable.Range(0, csv.FieldCount).Select(i => Encoding.UTF8.GetString(csv.Field(i))))
                : $"!{csv.Problem}:{Encoding.UTF8.GetString(csv.Raw)}");
        }

        return string.Join(';', records);
    }

    /// <summary>Gives at most so many bytes at a time, as a network does.</summary>
    private sealed class SlowStream(byte[] content, int piece) : ReadOnlyStream
    {
        private int _position;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var length = Math.Min(Math.Min(piece, buffer.Length), content.Length - _position);
            content.AsMemory(_position, length).CopyTo(buffer);
            _position += length;
            return ValueTask.FromResult(length);
        }
    }
}
