namespace PhoenixCore.Journal;

/// <summary>Marks this assembly for the tests that keep the rooms apart.</summary>
public static class RoomMarker;
