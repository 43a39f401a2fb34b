using Millrace.TestKit;

// A server costs seconds, an account nothing: classes that leave time alone share this one.
[assembly: AssemblyFixture(typeof(Product))]

namespace Millrace.Automations.Tests;

/// <summary>Classes that move time share a server, too, one after the other: what one of them waits for must not be over because of another.</summary>
[CollectionDefinition(nameof(Time_moves))]
public sealed class Time_moves : ICollectionFixture<Product>;
