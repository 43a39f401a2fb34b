using System.Buffers;
using System.Text;
using Millrace.Kernel.Data;

namespace Millrace.Contacts.Tests.Export;

public sealed class CsvTextTests
{
    [Theory]
    [InlineData("=HYPERLINK(..)", "'=HYPERLINK(..)")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@x", "'@x")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r1", "'\r1")]
    [InlineData("\n1", "'\n1")]
    [InlineData("＝1", "'＝1")]
    [InlineData("＋1", "'＋1")]
    [InlineData("－1", "'－1")]
    [InlineData("＠1", "'＠1")]
    [InlineData("'=1", "''=1")]
    [InlineData("a=1", "a=1")]
    [InlineData("'tis", "'tis")]
    [InlineData("'", "'")]
    [InlineData("", "")]
    public void Formulas_are_neutralised_and_restored(string text, string written)
    {
        CsvText.Neutralise(text).ShouldBe(written);
        CsvText.Restore(written).ShouldBe(text);
    }

    [Fact]
    public void Any_text_survives_the_way_out_and_in()
    {
        const string letters = "'=+-@\t\n\rab＝";
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(6)).Select(_ => letters[random.Next(letters.Length)])]);
            CsvText.Restore(CsvText.Neutralise(text)).ShouldBe(text);
        }
    }

    [Fact]
    public void Every_cell_is_quoted()
    {
        var output = new ArrayBufferWriter<byte>();
        CsvText.AppendRow(output, ["a", "b \"c\"", null, "=1"]);
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe("\"a\",\"b \"\"c\"\"\",\"\",\"'=1\"\r\n");
    }
}
