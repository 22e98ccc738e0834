// Before any other file: the settings are read when the first module asks for them.
import './support/network';
