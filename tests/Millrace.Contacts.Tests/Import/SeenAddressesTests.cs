using Millrace.Contacts.Import;

namespace Millrace.Contacts.Tests.Import;

public sealed class SeenAddressesTests
{
    [Fact]
    public void It_answers_as_a_set_of_the_addresses_themselves_would()
    {
        var (seen, exact, random) = (new SeenAddresses(), new HashSet<string>(StringComparer.Ordinal), new Random(7));
        for (var i = 0; i < 300_000; i++)
        {
            var email = $"{new string('x', i % 9)}{random.Next(150_000)}@example.com";
            seen.Add(email).ShouldBe(exact.Add(email), email);
        }
    }
}
