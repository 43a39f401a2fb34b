using System.Text;
using Millrace.Contacts.Import;

namespace Millrace.Contacts.Tests.Import;

public sealed class TextEncodingsTests
{
    [Fact]
    public void Utf8_is_checked_right_however_the_file_is_cut()
    {
        var good = Encoding.UTF8.GetBytes("aé漢😀z");
        byte[][] bad = [[0xC3], [0xE6, 0xBC], [.. good, 0xF0, 0x9F], [0xFF], [(byte)'a', 0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80]];

        for (var cut = 0; cut <= good.Length; cut++)
        {
            IsValid(good[..cut], good[cut..]).ShouldBeTrue($"cut at {cut}");
        }

        IsValid([.. good.Select(b => new[] { b })]).ShouldBeTrue();
        foreach (var bytes in bad)
        {
            IsValid(bytes).ShouldBeFalse(Convert.ToHexString(bytes));
            IsValid([.. bytes.Select(b => new[] { b })]).ShouldBeFalse(Convert.ToHexString(bytes));
        }
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16le")]
    [InlineData("windows-1252")]
    [InlineData("iso-8859-1")]
    public async Task A_file_is_read_in_its_encoding_without_the_byte_order_mark(string name)
    {
        Encoding encoding = name switch
        {
            "utf-8" => new UTF8Encoding(true),
            "utf-16le" => Encoding.Unicode,
            "iso-8859-1" => Encoding.Latin1,
            _ => CodePagesEncodingProvider.Instance.GetEncoding(name)!,
        };
        byte[] file = [.. encoding.GetPreamble(), .. encoding.GetBytes("Zoë,x")];

        await using var utf8 = await TextEncodings.ToUtf8Async(new MemoryStream(file), name, CancellationToken.None);

        using var reader = new StreamReader(utf8, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);
        (await reader.ReadToEndAsync()).ShouldBe("Zoë,x");
    }

    [Fact]
    public void Every_encoding_that_is_offered_exists() => TextEncodings.All.ShouldAllBe(name => Opens(name));

    private static bool Opens(string name)
    {
        var opening = TextEncodings.ToUtf8Async(new MemoryStream([]), name, CancellationToken.None);
        return opening.IsCompletedSuccessfully;
    }

    private static bool IsValid(params byte[][] pieces)
    {
        var check = new Utf8Check();
        foreach (var piece in pieces)
        {
            check.Add(piece);
        }

        check.Finish();
        return check.IsValid;
    }
}
