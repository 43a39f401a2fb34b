namespace Millrace.Contacts.Contracts;

/// <summary>What this server knows of where addresses are.</summary>
public interface IGeography
{
    /// <summary>Whether countries are known.</summary>
    bool HasCountries { get; }

    /// <summary>Whether regions, cities and coordinates are known.</summary>
    bool HasCities { get; }

    /// <summary>For people: the files and what they hold.</summary>
    string Description { get; }
}
