using Millrace.Messaging.Links;

namespace Millrace.Messaging.Tests.Links;

public sealed class BounceAddressTests
{
    private static readonly TokenKeys Keys = new(1, new Dictionary<byte, byte[]> { [1] = [.. Enumerable.Repeat((byte)7, 32)] });
    private static readonly TokenKeys Others = new(1, new Dictionary<byte, byte[]> { [1] = [.. Enumerable.Repeat((byte)8, 32)] });

    [Theory]
    [InlineData(1, 1)]
    [InlineData(300, 70_000)]
    [InlineData((1L << 53) - 1, (1L << 53) - 1)]
    public void An_address_names_its_mail_in_any_case(long account, long send)
    {
        var address = BounceAddress.Write("bounce.a.example", account, send, Keys);

        address.IndexOf('@', StringComparison.Ordinal).ShouldBeLessThanOrEqualTo(64);
        foreach (var seen in new[] { address, address.ToUpperInvariant(), address.Split('@')[0] })
        {
            BounceAddress.TryRead(seen, Keys, out var a, out var s).ShouldBeTrue();
            (a, s).ShouldBe((account, send));
        }
    }

    [Fact]
    public void No_changed_guessed_or_borrowed_address_is_taken()
    {
        var address = BounceAddress.Write("b.example", 5, 77, Keys);
        BounceAddress.TryRead(address, Others, out _, out _).ShouldBeFalse();
        var unsubscribe = new PublicToken(TokenPurpose.Unsubscribe, 5, 77).ToText(Keys);
        BounceAddress.TryRead($"b+{unsubscribe}@b.example", Keys, out _, out _).ShouldBeFalse();
        foreach (var bad in new[] { "", "@", "b+@b.example", "ann@b.example", address[2..], "b+" + new string('a', 62), "b+\u0130aaa@x" })
        {
            BounceAddress.TryRead(bad, Keys, out _, out _).ShouldBeFalse();
        }

        const string letters = "abcdefghijklmnopqrstuvwxyz234567";
        var at = address.IndexOf('@', StringComparison.Ordinal);
        for (var i = 2; i < at; i++)
        {
            foreach (var letter in letters.Where(l => l != address[i]))
            {
                BounceAddress.TryRead(string.Concat(address.AsSpan(0, i), [letter], address.AsSpan(i + 1)), Keys, out _, out _).ShouldBeFalse();
            }

            BounceAddress.TryRead(address.Remove(i, 1), Keys, out _, out _).ShouldBeFalse();
        }
    }
}
