namespace PhoenixCore.Client;

/// <summary>Marks this assembly for the tests that keep the rooms apart.</summary>
public static class RoomMarker;
